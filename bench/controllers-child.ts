import { runControllers, type ControllersShape } from './controllers-rig.ts'

const [shape, size] = process.argv.slice(2)
process.stdout.write(JSON.stringify(runControllers(shape as ControllersShape, Number(size))))
