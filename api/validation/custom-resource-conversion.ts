import { isDns1035Label } from '../names/dns-names.ts'
import { forbidden, invalid, invalids, notSupported, required, type Cause } from './cause.ts'
import { child, strings, text, type View } from './view.ts'

const accepted = ['v1', 'v1beta1']
const strategies = ['None', 'Webhook']

/** validateConversionReviewVersions */
const reviewVersionCauses = (versions: readonly string[], path: string): Cause[] => {
  if (versions.length === 0) return [required(path)]
  const causes: Cause[] = []
  const seen = new Set<string>()
  versions.forEach((one, i) => {
    if (seen.has(one)) causes.push(invalid(`${path}[${i}]`, one, 'duplicate version'))
    else causes.push(...invalids(`${path}[${i}]`, one, isDns1035Label(one)))
    seen.add(one)
  })
  if (!versions.some((one) => accepted.includes(one))) {
    causes.push(invalid(path, versions, `must include at least one of ${accepted.join(', ')}`))
  }
  return causes
}

const clientCauses = (client: View | undefined, path: string): Cause[] => {
  if (client === undefined) return [required(path, 'required when strategy is set to Webhook')]
  const url = text(client, 'url')
  const service = child(client, 'service')
  if ((url === '') === (service === undefined)) return [required(path, 'exactly one of url or service is required')]
  if (service !== undefined) {
    return (['name', 'namespace'] as const)
      .filter((key) => text(service, key) === '')
      .map((key) => required(`${path}.service.${key}`, `service ${key} is required`))
  }
  return url.startsWith('https://')
    ? []
    : [
        invalid(
          `${path}.url`,
          url.split(':')[0] ?? '',
          "'https' is the only allowed URL scheme; desired format: https://host[/path]",
        ),
      ]
}

/** validateCustomResourceConversion: of the internal definition, whose webhook is flat. */
export const conversionCauses = (conversion: View | undefined, path: string): Cause[] => {
  if (conversion === undefined) return []
  const strategy = text(conversion, 'strategy')
  const causes: Cause[] = []
  if (strategy === '') causes.push(required(`${path}.strategy`))
  else if (!strategies.includes(strategy)) causes.push(notSupported(`${path}.strategy`, strategy, strategies))
  const webhook = child(conversion, 'webhook')
  const client = child(webhook, 'clientConfig')
  const versions = strings(webhook, 'conversionReviewVersions')
  if (strategy === 'Webhook') {
    causes.push(...clientCauses(client, `${path}.webhookClientConfig`))
    return [...causes, ...reviewVersionCauses(versions, `${path}.conversionReviewVersions`)]
  }
  const why = 'should not be set when strategy is not set to Webhook'
  if (client !== undefined) causes.push(forbidden(`${path}.webhookClientConfig`, why))
  if (versions.length > 0) causes.push(forbidden(`${path}.conversionReviewVersions`, why))
  return causes
}
