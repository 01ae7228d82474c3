/** The mean of the rows of the last few seconds, as a video's vector is the mean of its frames'. */
export type RecentMean = {
  /** Takes the row of an instant, seconds, and gives the mean of those no older than `seconds` before it, the row itself
   * always among them. The result is the caller's. */
  add(time: number, row: Float32Array, seconds: number): Float32Array;
};

export function createRecentMean(): RecentMean {
  let rows: { readonly time: number; readonly row: Float32Array }[] = [];
  return {
    add(time, row, seconds) {
      rows = [
        ...rows.filter((earlier) => time - earlier.time < seconds && earlier.row.length === row.length),
        { time, row },
      ];
      const mean = new Float32Array(row.length);
      for (const { row: each } of rows) {
        for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (each[i] as number) / rows.length;
      }
      return mean;
    },
  };
}
