import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../../../dsl/diagnostics/diagnostic.ts'
import { editDistance, nearest } from '../../../../dsl/diagnostics/did-you-mean.ts'
import { renderDiagnostic, renderDiagnostics } from '../../../../dsl/diagnostics/render.ts'
import { compileText } from '../support/compile-text.ts'

const rendered = (text: string, files: Readonly<Record<string, string>> = {}): readonly string[] => {
  const { diagnostics, sources } = compileText(text, files)
  return diagnostics.map((one) => renderDiagnostic(one, sources, { color: false }))
}
const body = (line: string): string => `scenario "a" {\n  cluster { pool workers 3 { cpu 4 } }\n${line}\n}\n`

describe('code frames', () => {
  test.each([
    [
      '  exepct pod/web-0 is Ready within 30s',
      `error[K001] web.kscn:3:3  unknown statement \`exepct\`
  3 |   exepct pod/web-0 is Ready within 30s
    |   ^^^^^^ did you mean \`expect\`?                                                            [fix available]`,
    ],
    [
      '  expect deployment/web is Ready within 1m',
      `error[K118] web.kscn:3:28  a deployment is never \`Ready\`
  3 |   expect deployment/web is Ready within 1m
    |                            ^^^^^ words for deployments: RolledOut, Available, Progressing, ReplicaFailure, Paused, Scaling
    |                                  usually meant: \`is RolledOut\` (new version everywhere) or \`is Available\` (minimum reached)`,
    ],
    [
      '  let budget = 5m',
      `error[K104] web.kscn:3:16  \`5m\` could be 5 minutes or 5 milli-units
  3 |   let budget = 5m
    |                ^^ write duration("5m") or quantity("5m"), or \`let budget: duration = 5m\``,
    ],
    [
      '  expect pod/web is Ready within 16GB',
      `error[K107] web.kscn:3:34  \`16GB\` is not a duration
  3 |   expect pod/web is Ready within 16GB
    |                                  ^^^^ 16Gi (17.2e9 bytes) or 16G (16.0e9 bytes)?`,
    ],
  ])('%s', (line, frame) => {
    expect(rendered(body(line))).toEqual([frame])
  })

  test('a setting and its value are two mistakes', () => {
    expect(
      rendered('scenario "a" {\n  cluster { pool workers 3 { memroy 16GB } }\n}\n').map((one) => one.split('\n')[0]),
    ).toEqual([
      'error[K103] web.kscn:2:30  unknown setting `memroy` in pool',
      'error[K107] web.kscn:2:37  `16GB` is not a quantity',
    ])
  })

  test('a mistake in a manifest stands at its name, with its own place', () => {
    const db = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: db---\napiVersion: v1\nkind: ConfigMap\n'
    expect(rendered(body('  apply "db.yaml"'), { 'db.yaml': db })).toEqual([
      `error[K111] web.kscn:3:9  db.yaml:5:1: \`apiVersion\` stands twice in one document (first in line 1)
  3 |   apply "db.yaml"
    |         ^^^^^^^^^ line 4 ends in \`db---\`: was a line break before \`---\` lost?`,
    ])
  })

  test('a tab shows as an arrow', () => {
    const text = body('  create ```yaml\n    apiVersion: v1\n    kind: ConfigMap\n    metadata:\n    \tname: x\n  ```')
    expect(rendered(text)).toEqual([
      `error[K110] web.kscn:7:5  YAML: tab used for indentation (in the block opened on line 3)
  7 |     →   name: x
    |     ^ replace the tab by spaces                                                            [fix available]`,
    ])
  })

  test('wide and combining characters keep the carets in place', () => {
    const [frame] = rendered(body('  expect count(pods) == 0 and "日本🙂e\u0301" == foo'))
    const [, line = '', carets = ''] = (frame ?? '').split('\n')
    // 日 and 本 are one unit in two columns, 🙂 two in two, the accent one in none.
    expect(carets.indexOf('^')).toBe(line.indexOf('foo') + 1)
  })

  test('labels show the other place', () => {
    expect(rendered(body('  let a = 1\n  let a = 2'))).toEqual([
      `error[K112] web.kscn:4:7  \`let a\` stands twice in one scope
  4 |   let a = 2
    |       ^
  3 |   let a = 1
    |       ^ first here`,
    ])
  })

  test('colour is asked for, and is all that differs', () => {
    const { diagnostics, sources } = compileText(body('  exepct pod/x\n  let budget = 5m'))
    const colored = renderDiagnostics(diagnostics, sources, { color: true })
    expect(colored.replace(/\u001B\[\d+m/g, '')).toBe(renderDiagnostics(diagnostics, sources, { color: false }))
    expect(colored).toContain('\u001B[31m')
  })

  test('a place whose file is not at hand has no frame', () => {
    const lone: Diagnostic = {
      code: 'K102',
      severity: 'error',
      span: { file: 'gone.kscn', start: 0, end: 0 },
      message: 'cannot be read',
      labels: [],
      notes: [],
      help: undefined,
      fix: undefined,
    }
    expect(renderDiagnostic(lone, new Map(), { color: false })).toBe('error[K102] gone.kscn:1:1  cannot be read')
  })
})

describe('did you mean', () => {
  test.each([
    ['exepct', 'expect', 1],
    ['memroy', 'memory', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['abcdef', 'uvwxyz', 4],
  ])('%s → %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })

  test('nothing far away is offered', () => {
    expect(nearest('banana', ['expect', 'apply'])).toBeUndefined()
    expect(nearest('at', ['apply', 'wait'])).toBeUndefined()
    expect(nearest('RolledOUT', ['RolledOut', 'Available'])).toBe('RolledOut')
  })
})
