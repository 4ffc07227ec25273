import { spawnSync } from 'node:child_process'
import { apiOracleMissing, oracleFigures, serveFigures } from './api-http.ts'
import type { ApiFigures } from './api-rig.ts'
import { bundled } from './bundled.ts'
import type { HttpFigure, HttpSizes } from './http-load.ts'

// npm run bench -- api [--oracle] [--large]: what the API server does in a second. In process: authentication, authorization, decoding,
// defaults, admission, validation, storage and the watches of others, one request after the other. Over HTTP: the same from a client's
// side, through kscn serve; with --oracle beside the real kube-apiserver and etcd.

export interface ApiBench extends ApiFigures {
  readonly http: readonly HttpFigure[]
  readonly oracle: readonly HttpFigure[]
}

const inProcess = (): ApiFigures => {
  const done = spawnSync(process.execPath, ['--expose-gc', bundled('bench/api-child.ts')], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  return JSON.parse(done.stdout) as ApiFigures
}

const small: HttpSizes = { pods: 2000, lists: 20, watchers: 100, watched: 100 }
const large: HttpSizes = { pods: 10_000, lists: 20, watchers: 100, watched: 200 }

export const api = async (options: { readonly oracle: boolean; readonly large: boolean }): Promise<ApiBench> => {
  const missing = options.oracle ? apiOracleMissing() : undefined
  if (missing !== undefined) throw new Error(missing)
  const sizes = options.large ? large : small
  const told = inProcess()
  const http = await serveFigures(sizes)
  return { ...told, http, oracle: options.oracle ? await oracleFigures(sizes) : [] }
}

const rate = (value: number): string => Math.round(value).toLocaleString('en-US').padStart(12)

export const printApi = ({ figures, bytesPerPod, http, oracle }: ApiBench): string => {
  const width = Math.max(...[...figures, ...http].map((one) => one.work.length))
  const rows = figures.map((one) =>
    `${one.work.padEnd(width)}  ${rate(one.perSecond)} /s  ${one.microseconds.toFixed(2).padStart(8)} µs  ${one.cpuMicroseconds.toFixed(2).padStart(8)} µs of CPU  ${one.goal}`.trimEnd(),
  )
  const overHttp = http.map((one) => {
    const real = oracle.find((other) => other.work === one.work)
    const beside =
      real === undefined ? '' : `  ${rate(real.perSecond)} /s real  ${(one.perSecond / real.perSecond).toFixed(1)}×`
    return `${one.work.padEnd(width)}  ${rate(one.perSecond)} /s${beside}`
  })
  const memory = `memory: ${((bytesPerPod * 1000) / 1048576).toFixed(2)} MiB per 1,000 pods`
  return ['in process:', ...rows, memory, '', 'over HTTP, 16 requests at a time:', ...overHttp].join('\n')
}
