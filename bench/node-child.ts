import { runNode, type NodeShape } from './node-rig.ts'

const [shape, size] = process.argv.slice(2)
process.stdout.write(JSON.stringify(runNode(shape as NodeShape, Number(size))))
