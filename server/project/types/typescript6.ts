import { createRequire } from 'node:module';
import type ts from 'typescript';
import type { TokenFact, TokenQuery } from '../../analysis/facts.ts';
import type { Backend, FileError, ParsedConfig, ProjectPlan } from './backend.ts';
import type { Overlay } from './overlay.ts';
import type { PackageVersions } from './packages.ts';
import { parentDirectory, pathKey } from './paths.ts';
import { TokenAnswers } from './tokenAnswers.ts';
import { Typescript6Checker } from './typescript6Checker.ts';

/** A program of TypeScript 6 weighs several times the native one. */
const mostOpenProjects = 3;

export interface Typescript6Options {
  readonly overlay: Overlay;
  readonly versions: PackageVersions;
}

interface OpenProject {
  readonly service: ts.LanguageService;
  readonly config: { text: string | undefined; parsed: ts.ParsedCommandLine };
  program: ts.Program | undefined;
  answers: TokenAnswers<ts.Symbol, ts.Type, ts.Signature> | undefined;
}

/** Reads the sources of referenced projects where their outputs were never built; internal in 6, the rule in 7. */
interface SourceRedirect {
  useSourceOfProjectReferenceRedirect(): boolean;
}

/** TypeScript 6 in process: for platforms without the native compiler, and for projects that only it understands. */
export class Typescript6Backend implements Backend {
  readonly name = 'typescript6';
  readonly #options: Typescript6Options;
  readonly #versionOf = new Map<string, number>();
  readonly #open = new Map<string, OpenProject>();
  #generation = 0;
  #loaded: typeof ts | undefined;
  #registry: ts.DocumentRegistry | undefined;

  constructor(options: Typescript6Options) {
    this.#options = options;
  }

  parseConfig(path: string): ParsedConfig | undefined {
    const parsed = this.#options.overlay.read(path) === undefined ? undefined : this.#parse(path);
    return parsed && { options: parsed.options, fileNames: parsed.fileNames };
  }

  changed(path: string): void {
    const key = pathKey(path);
    this.#versionOf.set(key, (this.#versionOf.get(key) ?? 0) + 1);
    this.#generation += 1;
  }

  /** It runs in this thread: nothing can be begun meanwhile. */
  expect(): void {}

  facts(plan: ProjectPlan, path: string, queries: readonly TokenQuery[]): readonly TokenFact[] | undefined {
    const project = this.#project(plan);
    const program = project.service.getProgram();
    if (!program?.getSourceFile(path)) {
      return undefined;
    }
    if (project.program !== program || !project.answers) {
      project.program = program;
      const checker = new Typescript6Checker(this.#typescript, program);
      project.answers = new TokenAnswers(checker, this.#options.versions);
    }
    return project.answers.facts(path, queries);
  }

  errors(plan: ProjectPlan, path: string): readonly FileError[] | undefined {
    const { service } = this.#project(plan);
    if (!service.getProgram()?.getSourceFile(path)) {
      return undefined;
    }
    return [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)]
      .filter((diagnostic) => diagnostic.category === this.#typescript.DiagnosticCategory.Error)
      .map((diagnostic) => ({
        code: diagnostic.code,
        message: messageOf(diagnostic.messageText),
        start: diagnostic.start ?? 0,
      }));
  }

  close(): void {
    for (const { service } of this.#open.values()) {
      service.dispose();
    }
    this.#open.clear();
  }

  /** Loading costs 160 ms, so it waits for the first question. The tier is synchronous, hence no `import()`. */
  get #typescript(): typeof ts {
    this.#loaded ??= createRequire(import.meta.url)('typescript') as typeof ts;
    return this.#loaded;
  }

  #project(plan: ProjectPlan): OpenProject {
    const project = this.#open.get(plan.path) ?? this.#create(plan.path);
    this.#open.delete(plan.path);
    this.#open.set(plan.path, project);
    for (const [path, oldest] of [...this.#open].slice(0, -mostOpenProjects)) {
      oldest.service.dispose();
      this.#open.delete(path);
    }
    return project;
  }

  #create(path: string): OpenProject {
    const config = { text: this.#stateOf(path), parsed: this.#parse(path) };
    this.#registry ??= this.#typescript.createDocumentRegistry(this.#typescript.sys.useCaseSensitiveFileNames);
    const service = this.#typescript.createLanguageService(this.#host(path, config), this.#registry);
    return { service, config, program: undefined, answers: undefined };
  }

  /** Changes whenever the included files or the options may have. */
  #stateOf(path: string): string {
    return `${this.#generation} ${this.#options.overlay.get(path)}`;
  }

  #host(path: string, config: OpenProject['config']): ts.LanguageServiceHost & SourceRedirect {
    const { sys, ScriptSnapshot, getDefaultLibFilePath } = this.#typescript;
    const { overlay } = this.#options;
    const current = () => {
      const state = this.#stateOf(path);
      if (config.text !== state) {
        config.text = state;
        config.parsed = this.#parse(path);
      }
      return config.parsed;
    };
    return {
      getCompilationSettings: () => current().options,
      getScriptFileNames: () => current().fileNames,
      getProjectReferences: () => current().projectReferences,
      getProjectVersion: () => this.#stateOf(path),
      getScriptVersion: (file) => String(this.#versionOf.get(pathKey(file)) ?? 0),
      getScriptSnapshot: (file) => {
        const text = overlay.read(file);
        return text === undefined ? undefined : ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => parentDirectory(path) ?? '/',
      getDefaultLibFileName: (options) => getDefaultLibFilePath(options),
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
      useSourceOfProjectReferenceRedirect: () => true,
      getParsedCommandLine: (file) => (this.parseConfig(file) ? this.#parse(file) : undefined),
      ...this.#fileSystem(),
    };
  }

  #fileSystem() {
    const { sys } = this.#typescript;
    const { overlay } = this.#options;
    return {
      readFile: (file: string) => overlay.read(file),
      fileExists: (file: string) => overlay.get(file) !== undefined || sys.fileExists(file),
      readDirectory: sys.readDirectory,
      directoryExists: sys.directoryExists,
      getDirectories: sys.getDirectories,
      realpath: (file: string) => sys.realpath?.(file) ?? file,
    };
  }

  #parse(path: string): ts.ParsedCommandLine {
    const { parseJsonSourceFileConfigFileContent, readJsonConfigFile, sys } = this.#typescript;
    const host: ts.ParseConfigHost = {
      ...this.#fileSystem(),
      useCaseSensitiveFileNames: sys.useCaseSensitiveFileNames,
    };
    const source = readJsonConfigFile(path, host.readFile);
    const parsed = parseJsonSourceFileConfigFileContent(source, host, parentDirectory(path) ?? '/', undefined, path);
    // The options that 6 only warns about are what it is needed for.
    parsed.options.ignoreDeprecations = '6.0';
    return parsed;
  }
}

function messageOf(message: string | ts.DiagnosticMessageChain): string {
  return typeof message === 'string'
    ? message
    : [message.messageText, ...(message.next ?? []).map(messageOf)].join('\n');
}
