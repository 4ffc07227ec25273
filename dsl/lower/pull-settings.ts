import type * as ast from '../syntax/ast.ts'
import type { Env } from './env.ts'

const parallel = 'max-parallel-image-pulls'
const serialize = 'serialize-image-pulls'

/** pkg/kubelet/apis/config/validation: what a kubelet would refuse to start with, of how it pulls images. */
export const checkPullSettings = (props: ast.Props, values: Readonly<Record<string, string>>, env: Env): void => {
  const prop = props.items.find((one) => one.name.name === parallel)
  const most = values[parallel]
  if (prop === undefined || most === undefined) return
  const report = (message: string, help: string): void => env.reporter.report('K107', prop.span, message, { help })
  if (Number(most) < 1) report(`\`${parallel} ${most}\` lets no image be pulled`, 'at least 1')
  else if (Number(most) > 1 && values[serialize] === 'true')
    report(`\`${serialize}\` is on, and ${most} at a time are not one by one`, `${serialize} false, or leave it out`)
}
