import type { OpenRun } from './open-run.ts'
import type { View } from './view.ts'

/** A part of the page. It is told of every change of the view and draws what concerns it. */
export interface Panel {
  readonly root: HTMLElement
  update(view: View, run: OpenRun): void
}

/** Changes the view; what is not named stays. */
export type Go = (change: Partial<View>) => void
