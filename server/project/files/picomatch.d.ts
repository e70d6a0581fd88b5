// picomatch comes with tinyglobby and brings no typings; only what is used here is declared.
declare module 'picomatch' {
  interface Options {
    readonly dot?: boolean;
  }
  interface Scan {
    readonly base: string;
    readonly glob: string;
    readonly isGlob: boolean;
  }
  function picomatch(glob: string | readonly string[], options?: Options): (path: string) => boolean;
  namespace picomatch {
    function scan(glob: string): Scan;
  }
  export default picomatch;
}
