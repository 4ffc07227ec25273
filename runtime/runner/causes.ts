import { splitSubject } from '../expect/entry-subjects.ts'
import { printedPodStatus } from '../../api/state-words/printed-pod-status.ts'
import type { Pod } from '../../api/types/core-v1.generated.ts'
import type { WhyLine } from '../record/finding.ts'
import type { WhyWorld } from './why/why-world.ts'
import { whyNode } from './why/why-node.ts'
import { whyPod } from './why/why-pod.ts'
import { isWorkload, whyWorkload } from './why/why-workload.ts'

/** A report stays readable with so many lines. */
const most = 12

const whySubject = (key: string, run: WhyWorld): readonly WhyLine[] => {
  const { resource, namespace, name } = splitSubject(key)
  if (resource === 'pods') return whyPod(namespace ?? '', name, run)
  if (resource === 'nodes') return whyNode(name, run)
  if (isWorkload(resource)) return whyWorkload(resource, namespace ?? '', name, run)
  if (resource === 'containers') {
    const [, , space = '', pod = ''] = key.split('/')
    return whyPod(space, pod, run)
  }
  return []
}

/** How telling a pod is: one that prints nothing unusual explains little. */
const rank = (key: string, run: WhyWorld): number => {
  if (!key.startsWith('pods/')) return 0
  const { namespace, name } = splitSubject(key)
  const pod = run.cluster.state.get('pods', namespace, name) as Pod | undefined
  return pod !== undefined && printedPodStatus(pod) === 'Running' ? 2 : 1
}

/** From the visible state back to what caused it, subject by subject, most telling first. */
export const causesOf = (subjects: readonly string[], run: WhyWorld): readonly WhyLine[] => {
  const ranked = [...subjects].sort((a, b) => rank(a, run) - rank(b, run))
  const lines: WhyLine[] = []
  const told = new Set<string>()
  for (const subject of ranked) {
    for (const [index, line] of whySubject(subject, run).entries()) {
      const text = `${line.what}\n${line.detail}`
      if (lines.length >= most || told.has(text)) continue
      told.add(text)
      lines.push({ depth: index, ...line })
    }
  }
  return lines
}
