const models = new WeakMap<object, object>()

/**
 * `made` differs from `model` only in texts on which nothing depends that is remembered of either (the name of a generated volume, the
 * node of a bound pod): what is known of the model is known of it. Both frozen.
 */
export const makeAlike = (made: object, model: object): void => {
  models.set(made, models.get(model) ?? model)
}

/** What a value was made alike to; itself, if nothing. */
export const modelOf = <T extends object>(value: T): T => (models.get(value) as T | undefined) ?? value
