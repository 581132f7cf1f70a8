// SPDX-License-Identifier: Apache-2.0
// Reads the text of a text/event-stream, however it is cut into pieces. The browser's own EventSource hides the status of
// a refused connection and when it will try again, both of which the page has to show; hence this one.

export interface StreamEvent {
  name: string;
  data: string;
  id: string;
}

/** Feed it pieces of text; it answers the events that each piece completed. */
export class SseReader {
  /** The id of the last event that had one; what a reconnect sends as Last-Event-ID. */
  lastId = '';

  private rest = '';
  private afterCarriageReturn = false;
  private atStart = true;
  private name = '';
  private data: string[] = [];

  push(piece: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    let input = piece;
    if (this.atStart && input) {
      this.atStart = false;
      if (input.startsWith('\uFEFF')) input = input.slice(1);
    }
    // A line ends with CR, LF or CR LF; a CR that ended the last piece may have its LF in this one.
    if (this.afterCarriageReturn && input) {
      this.afterCarriageReturn = false;
      if (input.startsWith('\n')) input = input.slice(1);
    }
    let from = 0;
    for (let at = 0; at < input.length; ++at) {
      const unit = input.charCodeAt(at);
      if (unit !== 10 && unit !== 13) continue;
      this.takeLine(this.rest + input.slice(from, at), events);
      this.rest = '';
      if (unit === 13) {
        if (at + 1 === input.length) this.afterCarriageReturn = true;
        else if (input.charCodeAt(at + 1) === 10) ++at;
      }
      from = at + 1;
    }
    this.rest += input.slice(from);
    return events;
  }

  private takeLine(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (this.data.length > 0) {
        events.push({ name: this.name || 'message', data: this.data.join('\n'), id: this.lastId });
      }
      this.name = '';
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return; // a comment: a sign of life only
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'event') this.name = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.lastId = value;
  }
}
