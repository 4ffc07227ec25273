import { describe, expect, test } from 'vitest'
import type { Document } from '../../../../dsl/plan/document.ts'
import { parseYaml } from '../../../../dsl/yaml/parse-yaml.ts'
import type { YamlNode } from '../../../../dsl/yaml/node.ts'
import { compileText, operationsOf, places } from '../support/compile-text.ts'

const plain = (node: YamlNode | undefined): unknown => {
  switch (node?.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map((one) => [one.key, plain(one.value)]))
    case 'list':
      return node.items.map(plain)
    default:
      return node?.value
  }
}
const documents = (
  statement: string,
  files: Readonly<Record<string, string>> = {},
  before = '',
): readonly Document[] => {
  const operation = operationsOf(`${before}\n${statement}`, files).at(-1)
  return operation?.kind === 'step' && 'documents' in operation.step ? operation.step.documents : []
}

describe('the YAML that kubectl reads', () => {
  test.each([
    ['yes', true],
    ['on', true],
    ['off', false],
    ['0644', 420],
    ['0o14', 12],
    ['1_000', 1000],
    ['2024-01-01', '2024-01-01'],
    ['12:30:45', '12:30:45'],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['~', null],
    ['"5"', '5'],
    ["'yes'", 'yes'],
  ])('%s', (text, value) => {
    expect(plain(parseYaml(`a: ${text}\n`).documents[0])).toEqual({ a: value })
  })

  test('anchors and merge keys', () => {
    expect(plain(parseYaml('base: &b { x: 1, y: 2 }\nuse: { <<: *b, y: 3 }\nalso: *b\n').documents[0])).toEqual({
      base: { x: 1, y: 2 },
      use: { x: 1, y: 3 },
      also: { x: 1, y: 2 },
    })
  })

  test.each([
    ['a: 1\na: 2\n', 'K111'],
    ['a: [1\n', 'K106'],
    ['a: .inf\n', 'K106'],
    ['a: *b\n', 'K106'],
    ['a:\n\tb: 1\n', 'K110'],
  ])('%j is a mistake', (text, code) => {
    expect(parseYaml(text).problems.map((one) => one.code)).toEqual([code])
  })

  test('an anchor that contains itself', () => {
    expect(parseYaml('a: &x [*x]\n').problems.length).toBeGreaterThan(0)
  })
})

describe('documents', () => {
  const map = (lines: string): string =>
    `  create \`\`\`yaml\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: x }\n${lines}\n  \`\`\``

  test('constants are filled in with their types, text is joined', () => {
    const [document] = documents(
      map('    data: { a: "${n}", b: x-${n}, c: ${word}, d: "$${n}" }'),
      {},
      '  let n = 3\n  let word = "y: [z"',
    )
    expect(document?.value).toMatchObject({ data: { a: '3', b: 'x-3', c: 'y: [z', d: '${n}' } })
  })

  test('what only the run knows is a hole', () => {
    const [document] = documents(
      map('    data: { a: "on ${p{.spec.nodeName}}", b: ${p{.spec.nodeName}} }'),
      {},
      '  let p = any pods',
    )
    expect(document?.value).toMatchObject({
      data: {
        a: { $hole: 'text', parts: ['on ', { kind: 'path' }] },
        b: { $hole: 'value', parts: [{ kind: 'path' }] },
      },
    })
  })

  test('a raw block keeps its interpolations', () => {
    const [document] = documents(map('    data: { a: "${HOME}" }').replace('```yaml', '```yaml raw'))
    expect(document?.value).toMatchObject({ data: { a: '${HOME}' } })
  })

  test('several documents, a list, a longer fence', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n- { apiVersion: v1, kind: Secret, metadata: { name: b } }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n'
    expect(
      documents('  apply "all.yaml"', { 'all.yaml': list }).map((one) => (one.value as { kind: string }).kind),
    ).toEqual(['ConfigMap', 'Secret', 'ConfigMap'])
    expect(
      documents(
        '  create ````yaml\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: x }\n    data:\n      a: |\n        ```\n        code\n        ```\n  ````',
      )[0]?.value,
    ).toMatchObject({ data: { a: '```\ncode\n```\n' } })
  })

  test('a glob is read in the order of paths', () => {
    const one = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`
    const found = documents('  apply "m/*.yaml"', { 'm/b.yaml': one('b'), 'm/a.yaml': one('a') })
    expect(found.map((each) => each.file)).toEqual(['m/a.yaml', 'm/b.yaml'])
  })

  test('overlays merge strategically, by kind and name, and can drop a document', () => {
    const files = {
      'web.yaml': [
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  replicas: 1\n  selector: { matchLabels: { app: web } }\n  template:\n    metadata: { labels: { app: web } }\n    spec: { containers: [{ name: app, image: "a" }, { name: side, image: "b" }] }\n',
        'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 80 }] }\n',
      ].join('---\n'),
    }
    const overlay = (lines: string): string => `  apply "web.yaml" overlay \`\`\`yaml\n${lines}\n  \`\`\``
    const [deployment] = documents(
      overlay(
        '    kind: Deployment\n    spec:\n      replicas: 9\n      template:\n        spec:\n          containers:\n            - { name: side, image: "c" }\n            - { name: app, $patch: delete }\n    ---\n    kind: Service\n    $patch: delete',
      ),
      files,
    )
    expect(deployment?.value).toMatchObject({
      kind: 'Deployment',
      spec: {
        replicas: 9,
        selector: { matchLabels: { app: 'web' } },
        template: { spec: { containers: [{ name: 'side', image: 'c' }] } },
      },
    })
    expect(documents(overlay('    kind: Service\n    $patch: delete'), files)).toHaveLength(1)
  })

  describe('an overlay', () => {
    const web =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  selector: { matchLabels: { app: web } }\n  template:\n    metadata: { labels: { app: web } }\n    spec: { containers: [{ name: app, image: "a", env: [{ name: A, value: "1" }] }] }\n'
    const widget =
      'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { parts: [{ name: a }], size: 1 }\n'
    const crd =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: widgets.example.com }\nspec:\n  group: example.com\n  scope: Namespaced\n  names: { plural: widgets, kind: Widget }\n  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]\n'
    const files = { 'web.yaml': web, 'widget.yaml': `${crd}---\n${widget}` }
    const over = (lines: string, file = 'web.yaml'): string =>
      `  let v = nodes{.metadata.name}\n  apply "${file}" overlay \`\`\`yaml\n${lines.replaceAll(/^/gm, '    ')}\n  \`\`\``
    const container = (lines: string): string => over(`spec: { template: { spec: { containers: [${lines}] } } }`)

    test('keeps its holes, in merged lists as well', () => {
      const [deployment] = documents(container('{ name: app, env: [{ name: B, value: "${v}" }] }'), files)
      expect(deployment?.value).toMatchObject({
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'app',
                  image: 'a',
                  env: [
                    { name: 'B', value: { $hole: 'text' } },
                    { name: 'A', value: '1' },
                  ],
                },
              ],
            },
          },
        },
      })
    })

    test('sets what a hole stood for', () => {
      const [deployment] = documents(container('{ name: app, image: "${v}:1", env: null }'), files)
      expect(deployment?.value).toMatchObject({
        spec: { template: { spec: { containers: [{ name: 'app', image: { $hole: 'text' } }] } } },
      })
      expect(JSON.stringify(deployment?.value)).not.toContain('"env"')
    })

    test('takes the directives of strategic merge patches', () => {
      const [deployment] = documents(
        container('{ name: app, env: [{ $patch: replace }, { name: C, value: "3" }] }'),
        files,
      )
      expect(JSON.stringify(deployment?.value)).toContain('"env":[{"name":"C","value":"3"}]')
    })

    test('of a custom resource is merged as JSON', () => {
      const all = documents(over('kind: Widget\nspec: { parts: [{ name: b }], size: null }', 'widget.yaml'), files)
      expect(all[1]?.value).toMatchObject({ spec: { parts: [{ name: 'b' }] } })
      expect(all[1]?.value).not.toHaveProperty('spec.size')
    })

    const complaints = (text: string): readonly string[] =>
      places(compileText(`scenario "a" {\n  cluster { pool w 1 { cpu 1, memory 1Gi } }\n${text}\n}\n`, files))
    test('whose list items lack their key is refused once', () => {
      expect(complaints(container('{ image: b }'))).toEqual(['K126 5:5'])
    })
    test('whose field is unknown is refused once, for every row of a table', () => {
      const body = container('{ name: app, imag: b, env: [{ nam: x }] }')
      expect(complaints(`  cases\n    | n |\n    | 1 |\n    | 2 |\n${body}`)).toHaveLength(2)
    })
  })

  test('positions inside a block are those of the file', () => {
    const text = `scenario "a" {\n${map('    dta: { a: "x" }')}\n}\n`
    expect(places(compileText(text))).toEqual(['K114 6:5'])
  })

  test.each([
    ['apiVersion: v1\nkind: Deploymnt\nmetadata: { name: x }', 'K113 4:11'],
    ['apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: { name: x }', 'K113 3:17'],
    ['kind: ConfigMap\nmetadata: { name: x }', 'K113 3:5'],
    ['apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec:\n  containers:\n    - { name: a, imag: b }', 'K114 8:22'],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata: { a: "${nme}" }', 'K105 6:19'],
  ])('%j', (yaml, expected) => {
    const indented = yaml
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')
    expect(places(compileText(`scenario "a" {\n  create \`\`\`yaml\n${indented}\n  \`\`\`\n}\n`))).toEqual([expected])
  })

  test('a custom kind is known from its definition on', () => {
    const crd =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: widgets.example.com }\nspec:\n  group: example.com\n  scope: Namespaced\n  names: { kind: Widget, plural: widgets, singular: widget, shortNames: [wd] }\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { size: { type: integer } } } } }\n'
    const create =
      '  create ```yaml\n    apiVersion: example.com/v1\n    kind: Widget\n    metadata: { name: w }\n    spec: { size: 1 }\n  ```\n'
    const after = `scenario "a" {\n  apply "crd.yaml"\n${create}  expect widget/w exists\n  expect wd/w is Synced\n  expect widget/w{.spec.size} == 1\n}\n`
    expect(compileText(after, { 'crd.yaml': crd }).diagnostics).toEqual([])
    expect(places(compileText(`scenario "a" {\n${create}  apply "crd.yaml"\n}\n`, { 'crd.yaml': crd }))).toEqual([
      'K113 4:11',
    ])
    expect(places(compileText(after.replace('size: 1', 'sise: 1'), { 'crd.yaml': crd }))).toEqual(['K114 7:13'])
    expect(places(compileText(after.replace('.spec.size', '.spec.sise'), { 'crd.yaml': crd }))).toEqual(['K114 11:25'])
  })

  test('a pattern knows the special scalars', () => {
    const [operation] = operationsOf(
      '  expect pod/x matches ```yaml\n    status: { phase: Running, podIP: ${present}, message: ${absent}, reason: ${any} }\n  ```',
    )
    expect(operation?.kind === 'expect' ? operation.expectation.claim : undefined).toMatchObject({
      kind: 'matches',
      pattern: {
        value: { status: { podIP: { $hole: 'present' }, message: { $hole: 'absent' }, reason: { $hole: 'any' } } },
      },
    })
  })
})
