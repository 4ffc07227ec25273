import { goQuote } from '../../names/go-quote.ts'
import { define, type Overload } from '../overloads.ts'
import { dictOf, fail, listOf, opaque, type Failure, type Opaque, type Value } from '../values.ts'

interface Address {
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
}

/** url.ParseRequestURI: an absolute URI or an absolute path. Differs: written by RFC 3986's own pattern. */
const parse = (text: string): Address | Failure => {
  const wrong = (why: string): Failure =>
    fail(`URL parse error during conversion from string: parse ${goQuote(text)}: ${why}`)
  if (text === '') return wrong('empty url')

  if (/[\x00-\x1f\x7f]/.test(text)) return wrong('net/url: invalid control character in URL')
  const found = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/.exec(text)!
  const [, scheme = '', , authority = '', path = '', query = ''] = found
  if (scheme === '' && text.startsWith(':')) return wrong('missing protocol scheme')
  if (scheme === '' && !text.startsWith('/')) return wrong('invalid URI for request')
  if (scheme !== '' && found[2] === undefined && !path.startsWith('/')) return wrong('invalid URI for request')
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const port = /:([^\]]*)$/.exec(host)?.[1]
  if (port !== undefined && !host.startsWith('[') && !/^\d*$/.test(port))
    return wrong(`invalid port ${goQuote(`:${port}`)} after host`)
  if (/[ <>"]/.test(host)) return wrong(`invalid character ${goQuote(/[ <>"]/.exec(host)![0])} in host name`)
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return wrong(`invalid URL escape ${goQuote(/%.{0,2}/.exec(path)![0])}`)
  return { scheme: scheme.toLowerCase(), host, path, query }
}

const held = (value: Value | undefined): Address => (value as Opaque).value as Address

const splitHost = (host: string): readonly [name: string, port: string] => {
  const found = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host)
  return found === null ? [host, ''] : [found[1]!.replace(/^\[|\]$/g, ''), found[2] ?? '']
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const queryOf = (query: string): Value => {
  const values = new Map<string, string[]>()
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue
    const [key, ...rest] = part.split('=')
    const name = decode(key!)
    values.set(name, [...(values.get(name) ?? []), decode(rest.join('='))])
  }
  return dictOf([...values].map(([key, all]) => [key, listOf(all)]))
}

/** k8s.io/apiserver/pkg/cel/library/urls.go */
export const urls: readonly Overload[] = [
  define('url', 'string -> URL', ([text]) => {
    const parsed = parse(text as string)
    return 'kind' in parsed ? parsed : opaque('kubernetes.URL', parsed, text as string)
  }),
  define('isURL', 'string -> bool', ([text]) => !('kind' in parse(text as string))),
  define('.getScheme', 'URL -> string', ([url]) => held(url).scheme),
  define('.getHost', 'URL -> string', ([url]) => held(url).host),
  define('.getHostname', 'URL -> string', ([url]) => splitHost(held(url).host)[0]),
  define('.getPort', 'URL -> string', ([url]) => splitHost(held(url).host)[1]),
  define('.getEscapedPath', 'URL -> string', ([url]) => held(url).path),
  define('.getQuery', 'URL -> map<string, list<string>>', ([url]) => queryOf(held(url).query)),
]
