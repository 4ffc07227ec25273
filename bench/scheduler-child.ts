import { runAlone } from './scheduler-alone.ts'
import { runCluster } from './scheduler-cluster.ts'
import { runShape } from './scheduler-rig.ts'
import { shapes } from './scheduler-shapes.ts'

// One piece of work in a process of its own, so that its peak memory is its own: alone|end NAME [NODES], or cluster NODES PODS.
const [how, name, nodes] = process.argv.slice(2)
const figures = (): unknown => {
  if (how === 'cluster') return runCluster(Number(name), Number(nodes))
  const known = shapes.find((one) => one.name === name)
  if (known === undefined) throw new Error(`no shape ${name ?? ''}`)
  const shape = nodes === undefined ? known : { ...known, nodes: Number(nodes) }
  return how === 'alone' ? runAlone(shape) : runShape(shape)
}
process.stdout.write(`${JSON.stringify(figures())}\n`)
