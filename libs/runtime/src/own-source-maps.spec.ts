import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

describe('own-source-maps', () => {
  it('maps the stack traces of our files and keeps no maps of node_modules', () => {
    const preload = new URL('own-source-maps.ts', import.meta.url).href;
    const program = "console.log(JSON.stringify(require('node:module').getSourceMapsSupport()))";
    const output = execFileSync(process.execPath, ['--no-warnings', '--import', preload, '-e', program]);
    expect(JSON.parse(String(output))).toEqual({ enabled: true, nodeModules: false, generatedCode: false });
  });
});
