/** `--feature-gates`: `A=false,B=true`. Gates that it does not name are as they are by default. */
export const featureGates = (flags: Readonly<Record<string, string>>): ((name: string) => boolean | undefined) => {
  const said = new Map(
    (flags['feature-gates'] ?? '').split(',').flatMap((one): [string, boolean][] => {
      const [name = '', value = ''] = one.split('=')
      return name === '' ? [] : [[name.trim(), value.trim() === 'true']]
    }),
  )
  return (name) => said.get(name)
}
