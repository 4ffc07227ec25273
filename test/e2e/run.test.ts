import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { kscn, root } from './kscn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kscn-run-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const failing = 'test/e2e/fixtures/failing.kscn'

describe('kscn run', () => {
  it('runs all examples, and all hold', () => {
    const { code, out, err } = kscn(['run', 'scenarios/examples', '--deterministic', '--runs', '2'])
    expect(err).toBe('')
    expect(out).toMatch(/\d+ scenarios: \d+ passed\n$/)
    expect(Number(/(\d+) scenarios/.exec(out)![1])).toBeGreaterThanOrEqual(12)
    expect(code).toBe(0)
  })

  it('shows what failed, expected against actual, and exits with 1', () => {
    const { code, out } = kscn(['run', failing, '--deterministic'])
    expect(out).toMatchSnapshot()
    expect(code).toBe(1)
  })

  it('replays a failure with the command that the report gives', () => {
    const first = kscn(['run', failing, '--deterministic']).out
    const replay = /replay +kscn (run .*)/.exec(first)![1]!.split(' ')
    const again = kscn([...replay, '--deterministic'])
    expect(again.code).toBe(1)
    const report = again.out.slice(0, again.out.indexOf('\n\n1 scenario'))
    expect(first).toContain(report)
  })

  it('writes JUnit and JSON that others can read, beside what it prints', async () => {
    const junit = join(folder, 'deep', 'junit.xml')
    const json = join(folder, 'report.json')
    const { code, out } = kscn([
      'run',
      failing,
      '--reporter',
      'pretty',
      '--reporter',
      `junit:${junit}`,
      '--reporter',
      `json:${json}`,
    ])
    expect(code).toBe(1)
    expect(out).toContain('5 scenarios')
    const schema = readFileSync(join(root, 'test/support/junit.xsd'), 'utf8')
    const xml = readFileSync(junit, 'utf8')
    expect((await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] })).errors).toEqual(
      [],
    )
    const document = JSON.parse(readFileSync(json, 'utf8')) as {
      schemaVersion: number
      scenarios: readonly { verdict: string; hash: string }[]
    }
    expect(document.schemaVersion).toBe(1)
    expect(document.scenarios.map((one) => one.verdict)).toEqual(['FAIL', 'FAIL', 'FAIL', 'FAIL', 'ERROR'])
  })

  it('traces a pod through every component', () => {
    const { out, code } = kscn([
      'run',
      'scenarios/examples/guestbook.kscn',
      '--trace',
      'pod/frontend-*',
      '--deterministic',
    ])
    expect(code).toBe(0)
    const trace = out.slice(out.indexOf('trace of'), out.indexOf('trace of', out.indexOf('trace of') + 1))
    const wanted = [
      /kubectl +apply/,
      /apiserver +authenticate/,
      /apiserver +authorize/,
      /apiserver +admit/,
      /etcd +put/,
      /watch +tells deployment/,
      /deployment +reconcile/,
      /watch +tells replicaset/,
      /replicaset +reconcile/,
      /scheduler +filter/,
      /scheduler +score/,
      /scheduler +bind/,
      /kubelet +sync/,
      /runtime +sandbox/,
      /runtime +pull/,
      /runtime +create/,
      /runtime +start/,
      /apiserver +update-status/,
      /endpointslice +lists ready/,
    ]
    let from = 0
    for (const pattern of wanted) {
      const at = trace.slice(from).search(pattern)
      expect(at, `${pattern} after the hop before it in\n${trace}`).toBeGreaterThanOrEqual(0)
      from += at
    }
  })

  it('reads a scenario from standard input', () => {
    const { code, out } = kscn(['run', '-'], {
      input: readFileSync(join(root, 'scenarios/examples/first-pod.kscn'), 'utf8'),
    })
    expect(out).toContain('PASS')
    expect(code).toBe(0)
  })

  it('chooses by line, by name and by tag', () => {
    expect(kscn(['run', `${failing}:35`, '--deterministic']).out).toContain('an expectation without time for it')
    expect(kscn(['run', 'scenarios/examples/scaling.kscn', '--filter', 'old=5']).out).toContain('1 scenario: 1 passed')
    expect(kscn(['run', 'scenarios/examples', '--tag', 'nothing-has-this']).code).toBe(2)
  })

  it('prints colours only when asked', () => {
    expect(kscn(['run', failing]).out).not.toContain('\u001b[')
    expect(kscn(['run', failing, '--color']).out).toContain('\u001b[31m')
    expect(kscn(['run', failing], { env: { FORCE_COLOR: '1' } }).out).toContain('\u001b[31m')
    expect(kscn(['run', failing, '--no-color'], { env: { FORCE_COLOR: '1' } }).out).not.toContain('\u001b[')
  })
})
