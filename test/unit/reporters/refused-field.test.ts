import { describe, expect, it } from 'vitest'
import { refusedField } from '../../../reporters/refused-field.ts'
import { findingOf } from '../../support/record-of.ts'

const source = `scenario "s" {
  create \`\`\`yaml
    kind: ConfigMap
    metadata: { name: first }
    ---
    kind: Service
    metadata: { name: web }
    spec:
      ports:
        - { name: a, port: 80 }
        - { name: b, port: \${p} }
        - { name: c, port: 70000 }
  \`\`\`
  delete pod/x
}
`
const marked = (
  message: string,
  subject = 'services/default/web',
  statement = source.slice(0, source.lastIndexOf('  delete')),
): string | undefined => {
  const start = source.indexOf('create')
  const span = refusedField(
    findingOf({ message, subjects: [subject], span: { file: 'a.kscn', start, end: statement.length } }),
    new Map([['a.kscn', source]]),
  )
  return span === undefined ? undefined : source.slice(span.start, span.end)
}

describe('refusedField', () => {
  it('finds the field in the document that was refused', () => {
    expect(marked('Service "web" is invalid: spec.ports[2].port: Invalid value: 70000: …')).toBe('70000')
    expect(marked('Service "web" is invalid: [spec.ports[0].name: Required value, spec.ports[2].port: …]')).toBe('a')
    expect(marked('ConfigMap "first" is invalid: metadata.name: Invalid value', 'configmaps/default/first')).toBe(
      'first',
    )
  })

  it('takes the field around one that is not there', () => {
    expect(marked('Service "web" is invalid: spec.ports[1].protocol: Required value')).toContain('name: b')
  })

  it('says nothing where the answer names no field, or the step has no block', () => {
    expect(marked('services "web" already exists')).toBeUndefined()
    const start = source.indexOf('delete')
    const finding = findingOf({
      message: 'Pod "x" is invalid: spec: Forbidden',
      span: { file: 'a.kscn', start, end: start + 12 },
    })
    expect(refusedField(finding, new Map([['a.kscn', source]]))).toBeUndefined()
    expect(refusedField(finding, new Map())).toBeUndefined()
  })
})
