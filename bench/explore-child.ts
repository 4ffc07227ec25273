import { parentPort } from 'node:worker_threads'
import { nextRun, smallExplorer } from './explore-rig.ts'

// A thread that explores: it says when it is warm, makes as many runs as it is told, and says when it is through.

const warmUp = 60
const once = nextRun(smallExplorer())
for (let run = 0; run < warmUp; run += 1) once()
parentPort!.on('message', (runs: number) => {
  for (let run = 0; run < runs; run += 1) once()
  parentPort!.postMessage('through')
})
parentPort!.postMessage('warm')
