/** How a run's schedule comes about; the report counts them. `--strategy` chooses one for all runs. */
export type Strategy = (typeof strategies)[number]

export const strategies = ['canonical', 'walk', 'weights', 'holds', 'pct', 'perturb', 'bounded'] as const
