import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { EventStream, renderEvent, type Sink } from './event-stream.ts';

class FakeSink implements Sink {
  text = '';
  writableLength = 0;
  state = 'open';
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  end(): void {
    this.state = 'ended';
  }
  destroy(): void {
    this.state = 'destroyed';
  }
}

describe('an event stream', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('renders one message, for any data', () => {
    expect(renderEvent('evt_1', 'a', '{"b":1}')).toBe('id: evt_1\nevent: a\ndata: {"b":1}\n\n');
    expect(renderEvent('x\n\ndata: forged', 'a\r\nb', 'c\n\nevent: d').split('\n\n')).toHaveLength(2);
  });

  it('sends heartbeats while there are no events', () => {
    jest.useFakeTimers();
    const sink = new FakeSink();
    const stream = new EventStream(sink, { heartbeatMs: 1000, maxBufferedBytes: 100 });
    jest.advanceTimersByTime(3500);
    expect(sink.text.match(/heartbeat/g)).toHaveLength(3);
    stream.end();
    jest.advanceTimersByTime(3500);
    expect(sink.text.match(/heartbeat/g)).toHaveLength(3);
    expect(sink.state).toBe('ended');
  });

  it('cuts off a client that does not read, and sends it nothing more', () => {
    const sink = new FakeSink();
    const stream = new EventStream(sink, { heartbeatMs: 1000, maxBufferedBytes: 100 });
    sink.writableLength = 101;
    stream.send('data: 1\n\n');
    expect(sink.state).toBe('destroyed');
    expect(stream.isOpen).toBe(false);
    stream.send('data: 2\n\n');
    expect(sink.text).not.toContain('data');
  });
});
