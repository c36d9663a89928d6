/** Just enough XML to write a report: elements, attributes, text; escaped, and without what XML 1.0 forbids. */
export interface XmlNode {
  readonly xml: (indent: string) => string;
}

export type Attributes = Readonly<Record<string, string | number>>;

/** A whole document with its declaration. */
export function xmlDocument(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml("")}`;
}

/** An element. One that holds text keeps it exactly; one that holds elements is indented. */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly (XmlNode | XmlText)[],
): XmlNode {
  const open = `<${name}${Object.entries(attributes).map(attribute).join("")}`;
  const [first] = children;
  return {
    xml(indent) {
      if (first === undefined) return `${indent}${open}/>\n`;
      if ("text" in first) return `${indent}${open}>${escapeXml(first.text)}</${name}>\n`;
      const inner = children.map((child) => ("xml" in child ? child.xml(`${indent}  `) : "")).join("");
      return `${indent}${open}>\n${inner}${indent}</${name}>\n`;
    },
  };
}

export interface XmlText {
  readonly text: string;
}

export function text(value: string): XmlText {
  return { text: value };
}

function attribute([name, value]: readonly [string, string | number]): string {
  const escaped = escapeXml(String(value)).replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return ` ${name}="${escaped}"`;
}

/** Characters outside https://www.w3.org/TR/xml/#charsets cannot be written even as references: they become U+FFFD. */
function escapeXml(value: string): string {
  return value
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
