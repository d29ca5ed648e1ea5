import { comment, identifier, quoted } from '../template/encode.js';
import type { Row, Values } from '../template/render.js';

/** The container that a controller runs for each object. */
export interface Image {
  /** `registry.example.com/memcached:1.6.26`. */
  readonly name: string;
  /** Empty: the command of the image. */
  readonly command: readonly string[];
  /** Default of the property `containerPort`. */
  readonly port: number;
  /** User id; absent: that of the image. */
  readonly runAsUser?: number;
}

/** The port of a container for which none is asked. */
export const defaultPort = 8080;

const lineWidth = 120;
/** Characters of the line with the image beside those of the variable and of the image. */
const around = 31;

export function imageValues(image: Image, kind: string): Values {
  const command = image.command.map((word): Row => ({ word: quoted(word) }));
  const line = `const command = [${image.command.map(quoted).join(', ')}];`;
  const variable = `${kind.replace(/([a-z0-9])(?=[A-Z])/g, '$1_').toUpperCase()}_IMAGE`;
  return {
    image: quoted(image.name),
    imageVariable: identifier(variable),
    imageFits: variable.length + quoted(image.name).length + around <= lineWidth,
    hasCommand: command.length > 0,
    oneLine: line.length <= lineWidth,
    command,
    port: comment(String(image.port)),
    runAsUser: image.runAsUser === undefined ? false : comment(String(image.runAsUser)),
  };
}
