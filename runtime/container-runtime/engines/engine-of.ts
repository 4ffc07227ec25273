import type { NodeRuntime } from '../../../dsl/plan/cluster-spec.ts'
import { containerd } from './containerd.ts'
import { criO } from './cri-o.ts'
import { docker } from './docker.ts'
import type { Engine } from './engine.ts'

const made = { containerd, 'cri-o': criO, docker } as const
const usual: NodeRuntime = { name: 'containerd', version: '2.2.1' }
const known = new Map<string, Engine>()

/** What runs the containers of a node; all nodes of one kind share it. */
export const engineOf = ({ name, version }: NodeRuntime = usual): Engine => {
  const key = `${name}/${version}`
  let engine = known.get(key)
  if (engine === undefined) {
    engine = remembering(made[name](version))
    known.set(key, engine)
  }
  return engine
}

/** The names of an image are asked for with every status. */
const remembering = (engine: Engine): Engine => {
  const once = (of: (image: string) => string): ((image: string) => string) => {
    const answers = new Map<string, string>()
    return (image) => {
      let answer = answers.get(image)
      if (answer === undefined) {
        answer = of(image)
        answers.set(image, answer)
      }
      return answer
    }
  }
  return { ...engine, imageName: once(engine.imageName), imageId: once(engine.imageId) }
}
