import { parentPort, workerData } from 'node:worker_threads'
import type { CorpusFile } from './fuzzer.ts'
import { fuzzers } from './registry.ts'
import { runShard, type Shard } from './shard.ts'

/** What the main thread hands over. `progress` holds the number of the input under way, one cell a worker. */
export interface Job {
  readonly name: string
  readonly planted: boolean
  readonly corpus: readonly CorpusFile[]
  readonly shard: Shard
  readonly cell: number
  readonly progress: SharedArrayBuffer
}

const { name, planted, corpus, shard, cell, progress } = workerData as Job
const cells = new Int32Array(progress)
const fuzzer = fuzzers[name]!(corpus, planted)
parentPort!.postMessage(runShard(fuzzer, shard, (index) => Atomics.store(cells, cell, index)))
