import { describe, expect, test } from 'vitest'
import { compileText } from '../support/compile-text.ts'

const codes = (text: string): readonly string[] => compileText(text).diagnostics.map((one) => one.code)
const inCluster = (settings: string): readonly string[] =>
  codes(`scenario "a" {\n  cluster {\n    ${settings}\n  }\n  wait 1s\n}\n`)
const pool = (settings: string, size = '1'): readonly string[] =>
  inCluster(`pool w ${size} { cpu 2, memory 4Gi, ${settings} }`)
const manifest =
  'create ```yaml\n    apiVersion: v1\n    kind: Pod\n    metadata: { name: web }\n    spec: { containers: [{ name: app, image: "web:v1", readinessProbe: { httpGet: { port: 80 } }, livenessProbe: { httpGet: { port: 80 } }, startupProbe: { httpGet: { port: 80 } } }] }\n  ```'
const behavior = (lines: string, more = 'wait 1s'): readonly string[] =>
  codes(
    `scenario "a" {\n  cluster { pool w 1 { cpu 1, memory 1Gi } }\n  behavior image "web:*" { ${lines} }\n  ${manifest}\n  ${more}\n}\n`,
  )

describe('machines', () => {
  test.each([
    ['pods 10', []],
    ['pods 0', []],
    ['pods 1.5', ['K150']],
    ['pods -1', ['K150']],
    ['ephemeral-storage 0', ['K150']],
    ['ephemeral-storage 100', ['K150']],
    ['reserved { cpu 2 }', []],
    ['reserved { cpu 2001m }', ['K150']],
    ['reserved memory 5Gi', ['K150']],
    ['resource nvidia.com/gpu 4', []],
    ['resource hugepages-2Mi 1Gi', []],
    ['resource gpu 4', ['K150']],
    ['resource memory 4Gi', ['K150']],
    ['resource example.com/x 1.5', ['K150']],
    ['resource example.com/x -1', ['K150']],
    ['bandwidth 1', []],
    ['bandwidth 0', ['K150']],
    ['numa-nodes 1', []],
    ['numa-nodes 8', ['K150']],
    ['boot 10s +/- 10s', []],
    ['boot 10s +/- 11s', ['K150']],
    ['label tier=front', []],
    ['label tier=', []],
    ['label a=b!', ['K150']],
    ['label -a=b', ['K150']],
    ['zones [a]', []],
    ['zones []', ['K133']],
    ['runtime cri-o', []],
    ['runtime containerd 2.0.5', []],
    ['runtime', ['K133']],
    ['runtime docker 1 2', ['K133']],
    ['runtime docker newest', ['K107']],
    ['runtime podman', ['K134']],
    ['node w-0 { memory 0 }', ['K150']],
    ['node w-0 { reserved cpu 3 }', ['K150']],
    ['node w-0 { runtime cri-o }', []],
  ])('%s: %j', (settings, expected) => expect(pool(settings)).toEqual(expected))

  test.each([
    ['0..0', '', ['K150']],
    ['0..3', '', []],
    ['5..0', '', ['K107']],
    ['2..5', ', quota 2', []],
    ['2..5', ', quota 1', ['K150']],
  ])('%s%s: %j', (size, more, expected) =>
    expect(inCluster(`pool w ${size} { cpu 2, memory 4Gi${more} }`)).toEqual(expected),
  )

  test.each([
    ['web-pool', []],
    ['Web', ['K150']],
    ['web_pool', ['K150']],
  ])('a pool called %s: %j', (name, expected) =>
    expect(inCluster(`pool ${name} 1 { cpu 2, memory 4Gi }`)).toEqual(expected),
  )

  test('what a cluster inherits is told where it was said', () => {
    const base = 'cluster base { pool w 1 { cpu 2, memory 4Gi, reserved cpu 1 } }\n'
    const use = (settings: string): readonly string[] =>
      codes(`${base}scenario "a" {\n  cluster base { pool w { ${settings} } }\n  wait 1s\n}\n`)
    expect(use('cpu 1')).toEqual([])
    expect(use('cpu 500m')).toEqual(['K150'])
  })
})

describe('registries', () => {
  test.each([
    ['registry docker.io', []],
    ['registry ghcr.io { login a b, forbid "x:*" }', []],
    ['registry ghcr.io { forbid "x:*" }', ['K152']],
    ['registry ghcr.io { bandwidth 0 }', ['K152']],
    ['registry ghcr.io { rate-limit 5 per 0s }', ['K152']],
    ['registry ghcr.io { rate-limit 5 }', ['K133']],
    ['registry ghcr.io { rate-limit 5 per 1h 2 }', ['K133']],
    ['registry ghcr.io { login a }', ['K133']],
    ['registry ghcr.io { host b c }', ['K107', 'K133']],
    ['registry ghcr.io { host "a b" }', ['K107']],
    ['registry ghcr.io { image }', ['K133']],
    ['registry ghcr.io { image "a" 5Mi { layer x 1Mi } }', ['K133']],
    ['registry ghcr.io { image "a" { layer x } }', ['K133']],
    ['registry ghcr.io { image "a" 5Mi, image "b" 5Mi }', []],
    ['registry ghcr.io { image "a" 5Mi, image "a" 6Mi }', ['K112']],
    ['registry ghcr.io { latency 5ms { x } }', ['K133']],
    ['registry a, registry b', ['K152']],
    ['registry a { host a.example.com }, registry b', []],
    ['registry a.example.com, registry b { host a.example.com }', ['K152']],
  ])('%s: %j', (settings, expected) =>
    expect(inCluster(`pool w 1 { cpu 1, memory 1Gi }\n    ${settings}`)).toEqual(expected),
  )
})

describe('how a kubelet pulls', () => {
  test.each([
    ['max-parallel-image-pulls 3', []],
    ['max-parallel-image-pulls 0', ['K107']],
    ['max-parallel-image-pulls 3, serialize-image-pulls false', []],
    ['max-parallel-image-pulls 1, serialize-image-pulls true', []],
    ['max-parallel-image-pulls 3, serialize-image-pulls true', ['K107']],
  ])('%s: %j', (settings, expected) =>
    expect(inCluster(`pool w 1 { cpu 1, memory 1Gi }\n    kubelet { ${settings} }`)).toEqual(expected),
  )
})

describe('behaviors', () => {
  test.each([
    ['never ready', []],
    ['never ready, ready after 5s', ['K151']],
    ['never ready, unready after 5s for 5s', ['K151']],
    ['never started, started after 5s', ['K151']],
    ['stop 5s, ignores-sigterm', ['K151']],
    ['ready after 5s, unready after 1m for 5s, unready after 2m', []],
    ['unready after 2m, unready after 1m for 5s', []],
    ['unready after 1m, unready after 2m for 5s', ['K151']],
    ['live fails after 1m, live fails after 2m', ['K151']],
    ['ready after 1m, unready after 10s for 20s', ['K151']],
    ['ready after 1m, unready after 10s', ['K151']],
    ['ready after 1m, unready after 50s for 20s', []],
    ['exit 255 after 5s', []],
    ['exit 256 after 5s', ['K151']],
    ['exit -1 after 5s', ['K107']],
    ['crash after 10s, live fails after 9s', []],
    ['crash after 10s, live fails after 10s', ['K151']],
    ['crash after 10s times 1, exit 0 after 1m, live fails after 30s', []],
    ['memory 300Mi, oom at 256Mi', []],
    ['memory 200Mi, oom at 256Mi', ['K151']],
    ['oom at 256Mi', ['K151']],
  ])('%s: %j', (lines, expected) => expect(behavior(lines)).toEqual(expected))

  test('a load may take memory where no line does', () =>
    expect(behavior('oom at 256Mi', 'load pod/web memory 300Mi')).toEqual([]))
})
