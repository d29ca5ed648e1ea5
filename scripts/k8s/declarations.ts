import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A class or interface of a .d.ts file; the comments are raw, without the frame of stars, and '' where there is none. */
export interface Declared {
  readonly comment: string;
  readonly members: ReadonlyMap<string, { readonly optional: boolean; readonly comment: string }>;
}

/** Reads the class or interface `name` of a declaration file as text, or undefined if the file does not declare it. */
export function readDeclaration(file: string, name: string): Declared | undefined {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  for (const node of source.statements) {
    if (!(ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) || node.name?.text !== name) continue;
    return { comment: commentAbove(node, source), members: membersOf(node, source) };
  }
  return undefined;
}

function membersOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration, source: ts.SourceFile): Declared['members'] {
  const members = new Map<string, { optional: boolean; comment: string }>();
  for (const member of node.members) {
    const isProperty = ts.isPropertyDeclaration(member) || ts.isPropertySignature(member);
    if (!isProperty || !ts.isStringLiteral(member.name)) continue;
    members.set(member.name.text, {
      optional: member.questionToken !== undefined,
      comment: commentAbove(member, source),
    });
  }
  return members;
}

/** The comment next to the node. The one at the head of the file is its banner and never counts. */
function commentAbove(node: ts.Node, source: ts.SourceFile): string {
  const range = ts.getLeadingCommentRanges(source.text, node.getFullStart())?.at(-1);
  if (!range || range.pos === 0) return '';
  return source.text
    .slice(range.pos + '/**'.length, range.end - '*/'.length)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}
