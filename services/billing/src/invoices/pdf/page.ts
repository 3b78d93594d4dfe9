import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

export type Pdf = InstanceType<typeof PDFDocument>;

/** Points (1/72 inch) of A4. Drawing below `BOTTOM` is the foot's. */
export const PAGE = { width: 595.28, height: 841.89, left: 50, right: 545.28, top: 50, bottom: 765 } as const;
export const CONTENT_WIDTH = PAGE.right - PAGE.left;

export const COLORS = {
  ...{ text: '#1a1d29', muted: '#626a7f', line: '#dfe2ea', band: '#f5f6fa' },
  ...{ brand: '#4d5bdb', good: '#1f9d5b', warning: '#b3261e' },
} as const;

const require = createRequire(import.meta.url);
/** DejaVu has the signs of all currencies, ₹ too, and Latin, Greek and Cyrillic. Its used glyphs are embedded. */
const FONTS = { regular: 'DejaVuSansCondensed', bold: 'DejaVuSansCondensed-Bold' } as const;
export type FontName = keyof typeof FONTS;
const fileOf = (name: FontName) => require.resolve(`dejavu-fonts-ttf/ttf/${FONTS[name]}.ttf`);

/**
 * An empty A4 document without margins: what draws decides about pages. The same `created` and title give the same bytes.
 */
export function openPdf(title: string, author: string, created: Date): Pdf {
  const info = { Title: title, Author: author, Creator: author, Producer: author, CreationDate: created };
  const pdf = new PDFDocument({
    // Named here, too: else pdfkit loads Helvetica, which it does not find in the bundle of a service.
    font: fileOf('regular'),
    ...{ size: 'A4', margin: 0, bufferPages: true, autoFirstPage: false },
    ...{ pdfVersion: '1.7', lang: 'en', displayTitle: true, info },
  });
  for (const name of ['regular', 'bold'] as const) pdf.registerFont(name, fileOf(name));
  pdf.addPage();
  return pdf;
}

export interface TextStyle {
  readonly font?: FontName;
  readonly size?: number;
  readonly color?: string;
  readonly align?: 'left' | 'right';
  readonly width: number;
}

/** Writes text, wrapped to its width, with its top at `y`. Returns where it ends. */
export function write(pdf: Pdf, text: string, x: number, y: number, style: TextStyle): number {
  const { font = 'regular', size = 9, color = COLORS.text, align = 'left', width } = style;
  pdf.font(font).fontSize(size).fillColor(color);
  const options = { width, align, lineGap: 1.5 };
  pdf.text(text, x, y, options);
  return y + pdf.heightOfString(text, options);
}

/** The height of text as `write` would write it. */
export function heightOf(pdf: Pdf, text: string, { font = 'regular', size = 9, width }: TextStyle): number {
  return pdf.font(font).fontSize(size).heightOfString(text, { width, lineGap: 1.5 });
}

/** A thin line over the width of the content, or from `x` on. */
export function rule(pdf: Pdf, y: number, x: number = PAGE.left, color: string = COLORS.line): void {
  pdf.moveTo(x, y).lineTo(PAGE.right, y).lineWidth(0.75).strokeColor(color).stroke();
}

/**
 * The characters of a text that the fonts lack, and that would be printed as boxes: those of Chinese, Japanese, Korean and Indian
 * scripts, and emoji.
 */
export function findUnprintable(text: string): string[] {
  const pdf = new PDFDocument({ autoFirstPage: false, font: fileOf('regular') });
  const missing = (name: FontName) => {
    // pdfkit's own types leave out the font that it has parsed.
    const { _font: parsed } = pdf.font(fileOf(name)) as unknown as {
      _font: { font: { hasGlyphForCodePoint(code: number): boolean } };
    };
    const { font } = parsed;
    return [...text].filter((character) => !font.hasGlyphForCodePoint(character.codePointAt(0) as number));
  };
  return [...new Set([...missing('regular'), ...missing('bold')])].filter((character) => character !== '\n');
}

/** All bytes of the document, which is closed by this. */
export function closePdf(pdf: Pdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
    pdf.end();
  });
}
