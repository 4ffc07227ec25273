import { join } from 'node:path'
import kinds from '../../../api/schema/data/kinds.json' with { type: 'json' }
import { builtinScheme } from '../../../api/scheme/builtin-scheme.ts'
import { createApiServer } from '../../../runtime/apiserver/create-api-server.ts'
import { createHttpDoor } from '../../../runtime/apiserver/http-door.ts'
import type { HttpResponse } from '../../../runtime/apiserver/http-message.ts'
import { createEtcd } from '../../../runtime/etcd/create-etcd.ts'
import { objectKey } from '../../../runtime/etcd/start-state.ts'
import { createKernel } from '../../../runtime/kernel/kernel.ts'
import { compileDefinition } from '../../../api/custom-resources/compile-definition.ts'
import { decode } from '../../../api/decode/decode.ts'
import type { KubeObject } from '../../../api/object.ts'
import { decodeProtobuf } from '../../../api/protobuf/decode-protobuf.ts'
import type { Resource } from '../../../api/protocol/resource.ts'
import type { CustomResourceDefinition } from '../../../api/types/apiextensions-v1.generated.ts'
import type { Area, ConformanceCase } from '../area.ts'
import { caseFiles, readLines } from '../read-cases.ts'

interface Sample {
  readonly id: string
  readonly path: string
  readonly input: unknown
  readonly status: number
  readonly output: unknown
}

interface EtcdKey {
  readonly kind: string
  readonly namespaced: boolean
  readonly namespace: string
  readonly name: string
  readonly key: string
  readonly media: string
  readonly storedAs: string
}

const shapes: Readonly<Record<string, RegExp>> = {
  '<uid>': /^[0-9a-f-]{36}$/,
  '<rv>': /^\d+$/,
  '<time>': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
}

/** Order of keys is not recorded here: samples are written with sorted keys. */
const compare = (recorded: unknown, real: unknown, path: string): string | undefined => {
  const differs = `${path}: recorded ${JSON.stringify(recorded)?.slice(0, 200)}, here ${JSON.stringify(real)?.slice(0, 200)}`
  if (typeof recorded === 'string') {
    const shape = shapes[recorded]
    if (shape !== undefined) return shape.test(String(real)) ? undefined : differs
    const loose = recorded.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<(rand|uid|server)>/g, '[^"/ ]+')
    return new RegExp(`^${loose}$`).test(typeof real === 'string' ? real : '') ? undefined : differs
  }
  if (typeof recorded !== 'object' || recorded === null) return recorded === real ? undefined : differs
  if (typeof real !== 'object' || real === null || Array.isArray(real) !== Array.isArray(recorded)) return differs
  const left = recorded as Record<string, unknown>
  const right = real as Record<string, unknown>
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const difference = compare(left[key], right[key], `${path}.${key}`)
    if (difference !== undefined) return difference
  }
  return undefined
}

const serverDoor = (disableAdmission: readonly string[]): ((path: string, body: unknown) => HttpResponse) => {
  const kernel = createKernel({ seed: 'schema', epoch: Date.UTC(2026, 0, 1) * 1000 })
  const trace = { append: () => 0 }
  const etcd = createEtcd({ kernel, trace, name: 'etcd/0', fsync: 0 })
  const server = createApiServer({
    kernel,
    trace,
    etcd,
    name: 'apiserver/0',
    scheme: builtinScheme(),
    latency: 0,
    watchDelay: 0,
    options: { alwaysAllow: true, disableAdmission },
  })
  const door = createHttpDoor(server, () => ({ error: 'no YAML here' }))
  return (path, body) => {
    let answer: HttpResponse | undefined
    door.serve(
      {
        method: 'POST',
        path,
        query: {},
        headers: { 'user-agent': 'Go-http-client/1.1' },
        body: JSON.stringify(body),
        credentials: { kind: 'certificate', commonName: 'admin', organizations: ['system:masters'] },
      },
      (response) => (answer = response),
    )
    while (answer === undefined && kernel.step(Number.MAX_SAFE_INTEGER));
    // What the server does of itself: a definition is established.
    while (kernel.step(kernel.now));
    return answer!
  }
}

/** A sample needs those before it: its namespace, its class. */
const playSample = (samples: readonly Sample[], index: number): string | undefined => {
  // The recording began before there were service accounts; the sample pod names one of the samples.
  const post = serverDoor(samples[index]!.id === 'sample/v1/Pod' ? [] : ['ServiceAccount'])
  for (const earlier of samples.slice(0, index)) post(earlier.path, earlier.input)
  const sample = samples[index]!
  const response = post(sample.path, sample.input)
  if (response.code !== sample.status)
    return `code: recorded ${sample.status}, here ${response.code} ${JSON.stringify(response.body)}`
  return compare(sample.output, response.body, 'body')
}

interface KindEntry {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly storage?: { readonly media?: string; readonly as?: string }
}

/** Of the sample of a custom resource the definition is a sample as well. */
const customResource = (kind: string, samples: readonly Sample[]): Resource | undefined => {
  for (const { output } of samples) {
    const given = output as CustomResourceDefinition
    if (given.kind !== 'CustomResourceDefinition') continue
    const definition = { ...given, status: { ...given.status, acceptedNames: given.spec.names } }
    const { stored } = compileDefinition(definition)
    if (stored.id === kind) return stored
  }
  return undefined
}

const checkKey = (recorded: EtcdKey, samples: readonly Sample[]): string | undefined => {
  const resource = builtinScheme().byKind(recorded.kind) ?? customResource(recorded.kind, samples)
  if (resource === undefined) return `the kind ${recorded.kind} is not served`
  const key = `${resource.etcdPrefix}/${objectKey(resource, recorded.namespace, recorded.name)}`
  const entry = (kinds as readonly KindEntry[]).find(
    (one) => one.kind === resource.kind && one.group === resource.group && one.version === resource.version,
  )
  return compare(
    { key: recorded.key, media: recorded.media, storedAs: recorded.storedAs },
    { key, media: entry?.storage?.media, storedAs: entry?.storage?.as },
    'key',
  )
}

interface ProtobufPair {
  readonly id: string
  readonly json: KubeObject
  readonly protobuf: string
}

/** Bytes as the server sends them are the object that it sends as JSON: whoever posts them posts that. */
const checkProtobuf = (pair: ProtobufPair): string | undefined => {
  const decoded = decodeProtobuf(Uint8Array.from(Buffer.from(pair.protobuf, 'base64')))
  if ('error' in decoded) return decoded.error
  const resource = builtinScheme().byKind(`${pair.json.apiVersion}/${pair.json.kind}`)
  if (resource === undefined) return `the kind ${pair.json.kind} is not served`
  const object = decode(resource, decoded.value)
  return object.ok ? compare(pair.json, object.object, 'body') : object.message
}

export const area: Area = {
  name: 'schema',
  *cases(folder): Generator<ConformanceCase> {
    for (const path of caseFiles(folder)) {
      const file = path.slice(join(folder, '/').length)
      const lines = readLines(path)
      for (const [index, recorded] of lines.entries()) {
        if (file === 'samples.jsonl') {
          const samples = lines as readonly Sample[]
          yield { id: samples[index]!.id, file, recorded, run: () => playSample(samples, index) }
        } else if (file === 'etcd-keys.jsonl') {
          const key = recorded as EtcdKey
          yield {
            id: `key/${key.kind}`,
            file,
            recorded,
            run: () => checkKey(key, readLines(join(folder, 'samples.jsonl')) as readonly Sample[]),
          }
        } else {
          const pair = recorded as ProtobufPair
          yield { id: `protobuf/${pair.id}`, file, recorded, run: () => checkProtobuf(pair) }
        }
      }
    }
  },
}
