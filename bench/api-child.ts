import { runApi } from './api-rig.ts'

process.stdout.write(JSON.stringify(runApi()))
