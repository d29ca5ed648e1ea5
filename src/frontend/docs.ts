import type { Diagnostic } from '../diagnostics.js';
import type { Marker, Target } from '../ir/marker.js';
import { type MarkerText, parseMarker } from '../markers/parse.js';
import { allComments, type Comment, description, docsBehind, leadingComments, readComment } from './comments.js';
import type { Sources, TypeScript } from './load.js';

/** What the comments of a declaration or member say. */
export interface Docs {
  readonly markers: readonly Marker[];
  readonly description?: string;
}

/** Reads each comment once, whatever reaches it. */
export interface DocReader {
  /** Markers for `place`, in source order. Reports markers that cannot stand there. */
  of(node: TypeScript.Node, place: Place): Docs;
  /** Package-level markers of a file. Reports every marker under a prefix of opgen's that is unknown, broken or stands nowhere. */
  package(file: TypeScript.SourceFile): readonly Marker[];
  readonly diagnostics: () => readonly Diagnostic[];
}

/** Of types, kinds may have markers that others may not. */
export type Place = 'kind' | 'type' | 'field';

const ownLine = 'give it a line of its own';

interface ParsedComment {
  readonly outsideOfDoc: readonly MarkerText[];
  readonly markers: readonly { readonly raw: MarkerText; readonly parsed: Marker | Diagnostic | undefined }[];
  readonly lines: readonly string[];
}

export function docReader(sources: Sources): DocReader {
  const comments = new Map<string, ParsedComment>();
  const kinds = new Set<TypeScript.Node>();
  const found: Diagnostic[] = [];
  /** On what is read as a type: that of a kind is read as one too, where another kind has a property of it. */
  const onTypes: { readonly node: TypeScript.Node; readonly diagnostic: Diagnostic }[] = [];
  const report = (diagnostic: Diagnostic) => void found.push(diagnostic);
  const parse = (file: TypeScript.SourceFile, comment: Comment): ParsedComment => {
    const key = `${file.fileName}:${comment.pos}`;
    let parsed = comments.get(key);
    if (!parsed) {
      const { markers, lines, inText, outsideOfDoc } = readComment(sources, file, comment);
      parsed = { lines, outsideOfDoc, markers: markers.map((raw) => ({ raw, parsed: parseMarker(raw) })) };
      const broken = new Set(parsed.markers.flatMap((each) => (isBroken(each.parsed) ? each.raw.at.line : [])));
      for (const raw of inText.filter(({ at }) => !broken.has(at.line)))
        reportWithoutEffect(raw, 'A marker must start its line', 'stands behind text', ownLine);
      for (const each of parsed.markers)
        if (each.parsed && 'def' in each.parsed) found.push(...(each.parsed.doubts ?? []));
      comments.set(key, parsed);
    }
    return parsed;
  };

  /** What would be a marker in another place is hardly meant as text. */
  function reportWithoutEffect(raw: MarkerText, rule: string, fact: string, hint: string): void {
    const parsed = parseMarker(raw);
    if (!parsed || 'code' in parsed) return;
    const message = `${rule}, but \`${parsed.spelled ?? raw.text}\` ${fact} and has no effect`;
    report({ code: 'OG2004', severity: 'warning', at: raw.at, message, hint });
  }

  function reportOutsideOfDoc(
    file: TypeScript.SourceFile,
    comment: Comment,
    counts: (raw: MarkerText) => boolean,
  ): void {
    const sign = file.text.slice(comment.pos, comment.pos + 2) === '//' ? '//' : '/* */';
    for (const raw of parse(file, comment).outsideOfDoc.filter(counts)) {
      const fact = `stands in a \`${sign}\` comment`;
      reportWithoutEffect(raw, 'A marker must stand in a `/** */` comment', fact, 'begin the comment with `/**`');
    }
  }

  function of(node: TypeScript.Node, place: Place): Docs {
    const file = node.getSourceFile();
    if (place === 'kind') kinds.add(node);
    if (place === 'field') reportBehind(file, node);
    const { own, doc } = leadingComments(sources, node);
    const markers: Marker[] = [];
    for (const comment of own) reportOutsideOfDoc(file, comment, () => true);
    for (const { raw, parsed } of own.flatMap((comment) => parse(file, comment).markers)) {
      if (!parsed) continue;
      if ('code' in parsed) report(parsed);
      else if (fits(parsed, raw, place)) {
        markers.push(parsed);
        const target = place === 'kind' ? 'type' : place;
        for (const problem of parsed.def.problemsOn?.(parsed.value, target, parsed.at) ?? []) report(problem);
      } else if (!parsed.def.targets.includes('package')) {
        const diagnostic = misplaced(parsed, raw, `on ${placeNames[place]}`);
        if (place === 'type') onTypes.push({ node, diagnostic });
        else report(diagnostic);
      }
    }
    const text = doc && description(parse(file, doc).lines);
    return text === undefined ? { markers } : { markers, description: text };
  }

  /** `name: string; /** @minLength 1 *\/`: nobody would notice that the limit has no effect. */
  function reportBehind(file: TypeScript.SourceFile, node: TypeScript.Node): void {
    for (const { raw, parsed } of docsBehind(sources, node).flatMap((comment) => parse(file, comment).markers)) {
      if (parsed) report('code' in parsed ? parsed : misplaced(parsed, raw, 'behind code'));
    }
  }

  function packageMarkers(file: TypeScript.SourceFile): readonly Marker[] {
    const attached = attachedComments(sources, file, kinds);
    const markers: Marker[] = [];
    for (const comment of allComments(sources, file)) {
      const targets = attached.get(comment.pos);
      reportOutsideOfDoc(file, comment, isOwned);
      for (const { raw, parsed } of parse(file, comment).markers) {
        if (!parsed || !isOwned(raw)) continue;
        if ('code' in parsed) report(parsed);
        else if (targets && fitsAny(parsed, targets)) continue;
        else if (!targets && isBehindCode(file.text, comment) && !isPackageOnly(parsed))
          report(misplaced(parsed, raw, 'behind code'));
        else if (parsed.def.targets.includes('package') && isPackageSpelling(parsed)) markers.push(parsed);
        else
          report(
            misplaced(parsed, raw, targets ? `on ${placeNames[[...targets][0]!]}` : 'where no declaration follows'),
          );
      }
    }
    return markers;
  }

  const diagnostics = () => [
    ...found,
    ...onTypes.filter(({ node }) => !kinds.has(node)).map(({ diagnostic }) => diagnostic),
  ];
  return { of, package: packageMarkers, diagnostics };
}

const isBroken = (parsed: Marker | Diagnostic | undefined): boolean => parsed !== undefined && 'code' in parsed;

/** Tags without a prefix count only where a kind reaches them; `+name` and `@kubebuilder:…` count everywhere. */
const isOwned = (raw: MarkerText): boolean =>
  raw.spelling === '+' || /^(kubebuilder|k8s|opgen|operator-sdk):/.test(raw.text);

function fits({ def }: Marker, raw: MarkerText, place: Place): boolean {
  const targets = (raw.spelling === '@' && def.tag?.targets) || def.targets;
  return (
    targets.includes(place === 'kind' ? 'type' : place) &&
    (place !== 'type' || !def.kindOnly || def.tag?.targets !== undefined)
  );
}

/** Whether a marker may stand on one of the declarations that its comment leads. */
const fitsAny = ({ def }: Marker, places: ReadonlySet<Place>): boolean =>
  [...places].some((place) =>
    place === 'type'
      ? def.targets.includes('type') && !def.kindOnly
      : def.targets.includes(place === 'kind' ? 'type' : place),
  );

/** An end-of-line comment belongs to nothing: the code before it has its comment above. */
const isBehindCode = (text: string, comment: Comment): boolean =>
  text.slice(text.lastIndexOf('\n', comment.pos) + 1, comment.pos).trim() !== '';

const isPackageOnly = ({ def }: Pick<Marker, 'def'>): boolean => def.targets.every((target) => target === 'package');

/** `+optional` and `+required` speak of a property; for a whole package they are written out. */
const isPackageSpelling = ({ def, spelled }: Marker): boolean =>
  isPackageOnly({ def }) || !def.targets.includes('field') || spelled?.slice(1) === def.name;

function misplaced({ def, spelled }: Marker, raw: MarkerText, where: string): Diagnostic {
  const places = def.targets.map((each) => placeNames[each === 'type' && def.kindOnly ? 'kind' : each]).join(' or ');
  return {
    code: 'OG2004',
    severity: 'error',
    at: raw.at,
    message: `\`${spelled ?? raw.spelling + def.name}\` belongs to ${places}, but it stands ${where}`,
    hint: `move it into the comment above ${places}`,
  };
}

const placeNames: Record<Target | 'kind', string> = {
  package: 'a file',
  type: 'a type',
  kind: 'a kind, which extends `CustomResource`',
  field: 'a property',
};

/** The comments that lead a type or a member, by their offset, and what they lead. */
function attachedComments(
  sources: Sources,
  file: TypeScript.SourceFile,
  kinds: ReadonlySet<TypeScript.Node>,
): ReadonlyMap<number, ReadonlySet<Place>> {
  const { ts } = sources;
  const attached = new Map<number, Set<Place>>();
  const visit = (node: TypeScript.Node): void => {
    const place = kinds.has(node) ? 'kind' : declarationTarget(ts, node);
    if (place) {
      for (const comment of leadingComments(sources, node).own) {
        attached.set(comment.pos, (attached.get(comment.pos) ?? new Set()).add(place));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return attached;
}

function declarationTarget(ts: Sources['ts'], node: TypeScript.Node): 'type' | 'field' | undefined {
  const isType =
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node);
  if (isType) return 'type';
  return ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) ? 'field' : undefined;
}
