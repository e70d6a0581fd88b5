/** Folders that hold what others wrote, at whatever depth. */
const otherPeoples = /(^|\/)(third[-_]?party|3rd[-_]?party|bower_components|jspm_packages)\//i;
/**
 * `vendor/`, `archive/` and the like at the top of a package, or in what a web server gives out. Deeper down they may be
 * words of the program's own subject: vendors of a shop, an archive of messages.
 */
const setAside =
  /^_?(?:vendor|vendors|vendored|archived?|attic|deprecated|obsolete)\/|(^|\/)(?:public|static|assets|wwwroot)\/(?:[\w.-]+\/)*vendors?\//i;
/** What a build wrote, and somebody committed. */
const built = /^dist\/|\.bundle\.[cm]?js$/i;
/** `alasql.4.5.1.js`, `jquery-3.7.1.min.js`: a release of a library, copied. */
const release = /[\w-][.-]v?\d+\.\d+\.\d+(?:[.-](?:min|slim|umd|bundle|prod|esm))*\.[cm]?js$/i;
const setAsidePackage = /^_?(?:vendor|vendors|vendored|archived?|attic|deprecated|obsolete)(?:\/|$)/i;

/**
 * Whether nobody here would mend a file: it was copied from somewhere else, written by a build, or laid away. `relativePath` is relative to
 * its package, `packagePath` where the package lies in the repository.
 */
export function isForeignCode(relativePath: string, packagePath: string | undefined): boolean {
  if ([otherPeoples, setAside, release, built].some((place) => place.test(relativePath))) return true;
  return packagePath !== undefined && (otherPeoples.test(`${packagePath}/`) || setAsidePackage.test(packagePath));
}
