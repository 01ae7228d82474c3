/** A bounded amount that several share. */
export type Credits = {
  /** Resolves when so much is free, or nothing at all is taken: one that asks for more than there is gets it alone. First
   * come, first served. Call what it gives once the amount is free again. */
  take(amount: number): Promise<() => void>;
};

export function createCredits(total: number): Credits {
  let taken = 0;
  const waiting: { readonly amount: number; readonly begin: () => void }[] = [];

  const serve = () => {
    for (let next = waiting[0]; next && (taken === 0 || taken + next.amount <= total); next = waiting[0]) {
      waiting.shift();
      taken += next.amount;
      next.begin();
    }
  };

  return {
    take: (amount) =>
      new Promise((resolve) => {
        let given = false;
        const giveBack = () => {
          if (given) return;
          given = true;
          taken -= amount;
          serve();
        };
        waiting.push({ amount, begin: () => resolve(giveBack) });
        serve();
      }),
  };
}
