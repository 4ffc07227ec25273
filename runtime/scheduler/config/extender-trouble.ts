import { profilePlugins, type SchedulerProfile } from '../profile.ts'
import type { GivenExtender } from './validate-configuration.ts'

/** rest.TLSConfigFor, in a world without files. */
const tlsTrouble = ({ enableHTTPS = false, tlsConfig = {} }: GivenExtender): string | undefined => {
  const { caFile = '', caData = '', certFile = '', keyFile = '', certData = '', keyData = '' } = tlsConfig
  const trusts = caFile !== '' || caData !== ''
  const insecure = tlsConfig.insecure === true || (enableHTTPS && !trusts)
  const proves = (certFile !== '' || certData !== '') && (keyFile !== '' || keyData !== '')
  if (!trusts && !proves) return undefined
  if (trusts && insecure) return 'specifying a root certificates file with the insecure flag is not allowed'
  const file = [caFile, ...(proves ? [certFile, keyFile] : [])].find((one) => one !== '')
  return file === undefined ? undefined : `open ${file}: no such file or directory`
}

/** Why buildExtenders (pkg/scheduler/scheduler.go) gives up; undefined if it does not. */
export const extenderTrouble = (
  extenders: readonly GivenExtender[],
  profiles: readonly SchedulerProfile[],
): string | undefined => {
  for (const one of extenders) {
    const trouble = tlsTrouble(one)
    if (trouble !== undefined) return trouble
  }
  const counts = extenders.some(({ managedResources = [] }) =>
    managedResources.some((one) => one.ignoredByScheduler === true),
  )
  const fits = (profile: SchedulerProfile): boolean =>
    profilePlugins(profile).includes('NodeResourcesFit') ||
    profile.pluginConfig?.some((one) => one.name === 'NodeResourcesFit') === true
  return counts && !profiles.every(fits) ? "can't find NodeResourcesFitArgs in plugin config" : undefined
}
