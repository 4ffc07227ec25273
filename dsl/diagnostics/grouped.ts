/** A whole number as people read it: `10,000`. The same in every locale. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(?:[0-9]{3})+$)/g, ',')
