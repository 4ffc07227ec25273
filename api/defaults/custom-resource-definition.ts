import type { Defaulters } from './defaulter.ts'
import { change, fillNil, fillZero, type Fields } from './fill.ts'

const group = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.'

const spec = (value: Fields): Fields => {
  const names = (value['names'] as Fields | undefined) ?? {}
  const kind = typeof names['kind'] === 'string' ? names['kind'] : ''
  const out = change(value, 'names', () =>
    kind === '' ? names : fillZero(names, { singular: kind.toLowerCase(), listKind: `${kind}List` }),
  )
  return fillNil(out, { conversion: { strategy: 'None' } })
}

/** staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go */
export const customResourceDefinitionDefaulters: Defaulters = {
  [`${group}CustomResourceDefinition`]: (value) => change(value, 'spec', (one) => spec(one ?? {})),
  [`${group}CustomResourceConversion`]: (value) => fillZero(value, { strategy: 'None' }),
  [`${group}ServiceReference`]: (value) => fillNil(value, { port: 443 }),
}
