/** The parts of jstat that are used here; it comes without types. */
declare module "jstat" {
  const module: {
    readonly jStat: {
      /** Natural logarithm of the gamma function. */
      gammaln(x: number): number;
      readonly normal: {
        cdf(x: number, mean: number, deviation: number): number;
        inv(probability: number, mean: number, deviation: number): number;
      };
    };
  };
  export default module;
}
