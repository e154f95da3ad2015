/**
 * A table as a polynomial in the bits of its index: f(bits) = Σ_S c_S · Π_{i ∈ S} bit_i, S the
 * subsets of the bits as masks. The coefficients are the table's Möbius transform over subsets; as
 * integers they are unique.
 */
export function multilinearCoefficients(table: readonly number[]): number[] {
  const coefficients = [...table];
  for (let bit = 1; bit < table.length; bit *= 2) {
    for (let mask = 0; mask < table.length; mask++) {
      if (mask & bit) coefficients[mask] = coefficients[mask]! - coefficients[mask ^ bit]!;
    }
  }
  return coefficients;
}
