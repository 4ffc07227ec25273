import { asPrefix, isDns1035Label, isDns1123Label, isDns1123Subdomain, type NameRule } from '../../names/dns-names.ts'
import { isLabelKey, isLabelValue } from '../../names/label-names.ts'
import { define, type Overload } from '../overloads.ts'
import { parseTimeText } from '../time-value.ts'
import { isFailure, listOf, none, opaque, some, type Opaque, type Value } from '../values.ts'
import { urls } from './urls.ts'

interface Format {
  readonly rule: NameRule
  /** Length of the longest pattern, for the cost. */
  readonly size: number
}

const isUrl = urls.find((one) => one.name === 'isURL')!.run
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

/** ConstantFormats of k8s.io/apiserver/pkg/cel/library/format.go */
const formats: Readonly<Record<string, Format>> = {
  dns1123Label: { rule: isDns1123Label, size: 30 },
  dns1123Subdomain: { rule: isDns1123Subdomain, size: 60 },
  dns1035Label: { rule: isDns1035Label, size: 30 },
  qualifiedName: { rule: isLabelKey, size: 60 },
  dns1123LabelPrefix: { rule: asPrefix(isDns1123Label), size: 30 },
  dns1123SubdomainPrefix: { rule: asPrefix(isDns1123Subdomain), size: 60 },
  dns1035LabelPrefix: { rule: asPrefix(isDns1035Label), size: 30 },
  labelValue: { rule: isLabelValue, size: 40 },
  uri: { rule: (text) => (isUrl([text]) === true ? [] : ['invalid URI']), size: 2084 },
  uuid: { rule: (text) => (uuid.test(text) ? [] : ['does not match the UUID format']), size: 95 },
  byte: {
    rule: (text) =>
      /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) ? [] : ['invalid base64'],
    size: 92,
  },
  date: {
    rule: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && !isFailure(parseTimeText(text)) ? [] : ['invalid date']),
    size: 120,
  },
  datetime: {
    rule: (text) => (text.length > 10 && !isFailure(parseTimeText(text)) ? [] : ['invalid datetime']),
    size: 120,
  },
}

const make = (name: string): Opaque => opaque('kubernetes.NamedFormat', formats[name], name)

export const namedFormats: readonly Overload[] = [
  ...Object.keys(formats).map((name) => define(`format.${name}`, ' -> Format', () => make(name))),
  define('format.named', 'string -> optional<Format>', ([name]) =>
    Object.hasOwn(formats, name as string) ? some(make(name as string)) : none,
  ),
  define('.validate', 'Format, string -> optional<list<string>>', ([format, text]) => {
    const complaints: readonly Value[] = ((format as Opaque).value as Format).rule(text as string)
    return complaints.length === 0 ? none : some(listOf(complaints))
  }),
]
