export interface Keys {
  readonly [key: string]: { readonly does: string; readonly run: () => void }
}

/** Keys that work wherever nothing is being typed or moved. */
export const listenToKeys = (keys: Keys): void => {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target as HTMLElement
    const typing = target instanceof HTMLInputElement ? target.type !== 'checkbox' : target instanceof HTMLSelectElement
    if (typing && event.key !== 'Escape') return
    const key = keys[event.key]
    if (key === undefined) return
    event.preventDefault()
    key.run()
  })
}
