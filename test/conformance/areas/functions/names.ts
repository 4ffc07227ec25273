import { isValidCidr } from '../../../../api/names/cidr.ts'
import {
  asPrefix,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isDns1123SubdomainWithUnderscore,
  isWildcardDns1123Subdomain,
} from '../../../../api/names/dns-names.ts'
import {
  complaintText,
  isDomainPrefixedPath,
  isFullyQualifiedDomainName,
  isFullyQualifiedName,
  type FieldComplaint,
} from '../../../../api/names/domain-names.ts'
import { isValidIp } from '../../../../api/names/ip-address.ts'
import { isLabelKey, isLabelValue } from '../../../../api/names/label-names.ts'
import {
  isCIdentifier,
  isConfigMapKey,
  isDecimalInteger,
  isEnvVarName,
  isHttpHeaderName,
  isPathSegmentName,
  isRelaxedEnvVarName,
  isValidPercent,
  isValidPortName,
  isValidPortNum,
} from '../../../../api/names/other-names.ts'
import {
  isAttachableVolumeResource,
  isExtendedResource,
  isHugePageResource,
  isNativeResource,
  isOvercommitAllowed,
  isPrefixedNativeResource,
} from '../../../../api/names/resource-names.ts'
import { safeEncode } from '../../../../api/names/safe-encode.ts'
import type { Topic } from './topic.ts'

interface Text {
  readonly Value: string
}
const validator =
  (rule: (value: string) => string[]) =>
  ({ Value }: Text): unknown => ({ errors: rule(Value) })
const fieldValidator =
  (rule: (value: string) => FieldComplaint[]) =>
  ({ Value }: Text): unknown => ({ errors: rule(Value).map((one) => complaintText('f', one)) })

export const names: Topic = {
  isDNS1123Label: validator(isDns1123Label),
  isDNS1123Subdomain: validator(isDns1123Subdomain),
  isDNS1123SubdomainWithUnderscore: validator(isDns1123SubdomainWithUnderscore),
  isDNS1035Label: validator(isDns1035Label),
  isWildcardDNS1123Subdomain: validator(isWildcardDns1123Subdomain),
  isQualifiedName: validator(isLabelKey),
  isValidLabelValue: validator(isLabelValue),
  isValidPortName: validator(isValidPortName),
  isValidPercent: validator(isValidPercent),
  isHTTPHeaderName: validator(isHttpHeaderName),
  isEnvVarName: validator(isEnvVarName),
  isRelaxedEnvVarName: validator(isRelaxedEnvVarName),
  isConfigMapKey: validator(isConfigMapKey),
  isCIdentifier: validator(isCIdentifier),
  isPathSegmentName: validator(isPathSegmentName),
  isDecimalInteger: validator(isDecimalInteger),
  isFullyQualifiedName: fieldValidator(isFullyQualifiedName),
  isFullyQualifiedDomainName: fieldValidator(isFullyQualifiedDomainName),
  isDomainPrefixedPath: fieldValidator(isDomainPrefixedPath),
  isValidIP: fieldValidator(isValidIp),
  isValidCIDR: fieldValidator(isValidCidr),
  nameIsDNSSubdomain: validator(isDns1123Subdomain),
  generateNameIsDNSSubdomain: validator(asPrefix(isDns1123Subdomain)),
  generateNameIsDNSLabel: validator(asPrefix(isDns1123Label)),
  generateNameIsDNS1035Label: validator(asPrefix(isDns1035Label)),
  isValidPortNum: ({ n }: { n: number }) => ({ errors: isValidPortNum(n) }),
  resourceName: ({ Value }: Text) => ({
    native: isNativeResource(Value),
    extended: isExtendedResource(Value),
    hugePage: isHugePageResource(Value),
    attachableVolume: isAttachableVolumeResource(Value),
    prefixedNative: isPrefixedNativeResource(Value),
    overcommitAllowed: isOvercommitAllowed(Value),
  }),
  safeEncodeString: ({ Value }: Text) => ({ encoded: safeEncode(Value) }),
}
