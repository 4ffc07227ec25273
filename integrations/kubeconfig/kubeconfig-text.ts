export interface KubeconfigOptions {
  readonly server: string
  /** PEM */
  readonly ca: string
  readonly user: string
  readonly token: string
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** A kubeconfig for one cluster and one user. Every value is quoted as JSON, which is YAML too. */
export const kubeconfigText = ({ server, ca, user, token }: KubeconfigOptions): string =>
  [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '- name: kscn',
    '  cluster:',
    `    server: ${JSON.stringify(server)}`,
    `    certificate-authority-data: ${base64(ca)}`,
    'users:',
    `- name: ${JSON.stringify(user)}`,
    '  user:',
    `    token: ${JSON.stringify(token)}`,
    'contexts:',
    '- name: kscn',
    '  context:',
    '    cluster: kscn',
    `    user: ${JSON.stringify(user)}`,
    'current-context: kscn',
    '',
  ].join('\n')
