import { describe, expect, it } from '@jest/globals';
import { isRedirectUri } from './redirect-uri.ts';

describe('a redirect URI', () => {
  it.each([
    ['https://app.example.com/callback', true, true],
    ['https://app.example.com', true, true],
    ['https://app.example.com/callback?tenant=1', true, true],
    ['http://127.0.0.1/callback', true, true],
    ['http://127.0.0.1:5000/callback', true, true],
    ['http://[::1]/callback', true, true],
    ['com.example.app:/callback', false, true],
    ['com.example.app://callback', false, true],
    ['http://localhost/callback', false, false],
    ['http://app.example.com/callback', false, false],
    ['https://app.example.com/callback#x', false, false],
    ['https://app.example.com/callback#', false, false],
    ['https://user@app.example.com/callback', false, false],
    ['https://:pass@app.example.com/callback', false, false],
    ['https://*.example.com/callback', false, false],
    ['https://app.example.com/x/../callback', false, false],
    ['https://APP.example.com/callback', false, false],
    ['https://app.example.com:443/callback', false, false],
    ['https:/app.example.com/callback', false, false],
    ['https:\\\\app.example.com/callback', false, false],
    [' https://app.example.com/callback', false, false],
    ['myapp:/callback', false, false],
    ['javascript:alert(1)', false, false],
    ['data:text/html,x', false, false],
    ['urn:ietf:wg:oauth:2.0:oob', false, false],
    ['/callback', false, false],
    ['', false, false],
  ])('%s: web %s, native %s', (uri, web, native) => {
    expect([isRedirectUri(uri, 'web'), isRedirectUri(uri, 'native')]).toEqual([web, native]);
  });
});
