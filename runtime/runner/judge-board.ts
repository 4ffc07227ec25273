import { resourceName } from '../../api/object-key.ts'
import type { Judge } from '../expect/judge.ts'
import type { Ruling } from '../expect/operators/operator.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Timer } from '../kernel/timer.ts'
import type { Revision } from '../record/revision.ts'
import type { TimelineWriter } from '../record/create-timeline.ts'

/** All sentences under judgement. Each is woken by changes to what it has read, and by its own instants. */
export interface JudgeBoard {
  /** Puts a judge up. `ruled` is called once; an error of the evaluation goes to `broken`. */
  add(judge: Judge, on: JudgeListener): () => void
  clear(): void
}

export interface JudgeListener {
  ruled(ruling: Ruling): void
  broken(error: unknown): void
  /** Called after each state that was judged without a ruling. */
  observed?(): void
}

interface Post {
  readonly judge: Judge
  readonly on: JudgeListener
  readonly keys: Set<string>
  timer: Timer | undefined
  unfollow: (() => void) | undefined
  lastEntry: number
  live: boolean
}

export const createJudgeBoard = (kernel: Kernel, timeline: TimelineWriter, actor: Actor): JudgeBoard => {
  const posts = new Map<string, Set<Post>>()
  const all = new Set<Post>()

  const remove = (post: Post): void => {
    post.live = false
    kernel.cancel(post.timer)
    post.timer = undefined
    post.unfollow?.()
    all.delete(post)
    for (const key of post.keys) posts.get(key)?.delete(post)
  }

  const file = (post: Post): void => {
    if (post.judge.reads.size === post.keys.size) return
    for (const key of post.judge.reads) {
      if (post.keys.has(key)) continue
      post.keys.add(key)
      const known = posts.get(key)
      if (known === undefined) posts.set(key, new Set([post]))
      else known.add(post)
    }
  }

  const arm = (post: Post): void => {
    const wake = post.judge.wake
    if (post.timer?.run !== undefined && post.timer.at === wake) return
    kernel.cancel(post.timer)
    post.timer =
      wake === undefined
        ? undefined
        : kernel.at(Math.max(wake, kernel.now), actor, () => judged(post, () => post.judge.elapse(kernel.now)))
  }

  const judged = (post: Post, judge: () => Ruling | undefined): void => {
    if (!post.live) return
    let ruling: Ruling | undefined
    try {
      ruling = judge()
    } catch (error) {
      remove(post)
      post.on.broken(error)
      return
    }
    if (ruling !== undefined) {
      remove(post)
      post.on.ruled(ruling)
      return
    }
    post.on.observed?.()
    file(post)
    arm(post)
  }

  const tell = (key: string, entry: number): void => {
    const concerned = posts.get(key)
    if (concerned === undefined || concerned.size === 0) return
    for (const post of [...concerned]) {
      if (post.lastEntry === entry) continue
      post.lastEntry = entry
      judged(post, () => post.judge.observe())
    }
  }

  timeline.subscribe((entry) => {
    if (all.size === 0) return
    const kind = timeline.kind(entry)
    switch (kind) {
      case 'revision': {
        tell(resourceName((timeline.data(entry) as Revision).resource), entry)
        tell('*', entry)
        tell(timeline.subject(entry), entry)
        return
      }
      case 'truth': {
        const subject = timeline.subject(entry)
        tell(subject.slice(0, subject.indexOf('/') + 1), entry)
        return
      }
      case 'emission':
      case 'request':
      case 'hop':
        tell(kind, entry)
        tell(timeline.subject(entry), entry)
        return
      case 'verdict':
        tell(kind, entry)
        return
      case 'fault':
      case 'step':
    }
  })

  return {
    add(judge, on) {
      const post: Post = {
        judge,
        on,
        keys: new Set(),
        timer: undefined,
        unfollow: undefined,
        lastEntry: -1,
        live: true,
      }
      all.add(post)
      judged(post, () => judge.observe())
      if (post.live) post.unfollow = judge.follow?.(() => judged(post, () => judge.observe()))
      return () => remove(post)
    },
    clear() {
      for (const post of [...all]) remove(post)
    },
  }
}
