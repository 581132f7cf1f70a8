// SPDX-License-Identifier: Apache-2.0
// A text field with suggestions, as the ARIA practices describe a combobox with a list.
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface ComboboxProps {
  value: string;
  /** The same array for as long as the suggestions are the same: another one starts at its top again. */
  suggestions: string[];
  /** The id of the field, for its label. */
  id: string;
  listLabel: string;
  describedBy?: string;
  invalid?: boolean;
  disabled?: boolean;
  onInput: (value: string) => void;
  /** A suggestion was taken, or Enter pressed. */
  onCommit: (value: string) => void;
}

export function Combobox(props: ComboboxProps) {
  const { value, suggestions, onInput, onCommit } = props;
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const listId = useId();
  const isOpen = open && suggestions.length > 0 && !(suggestions.length === 1 && suggestions[0] === value);

  useEffect(() => setActive(-1), [suggestions]);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const take = (choice: string): void => {
    setOpen(false);
    setActive(-1);
    onInput(choice);
    onCommit(choice);
  };

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (!isOpen) setOpen(true);
      else setActive((before) => (before + step + (before < 0 && step < 0 ? 1 : 0) + suggestions.length) % suggestions.length);
    } else if (event.key === 'Enter') {
      take((isOpen && suggestions[active]) || value);
    } else if (event.key === 'Escape' && isOpen) {
      setOpen(false);
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div class="combobox">
      <input
        type="text"
        role="combobox"
        value={value}
        id={props.id}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen && active >= 0 ? `${listId}-${active}` : undefined}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        disabled={props.disabled}
        onInput={(event) => {
          setOpen(true);
          onInput(event.currentTarget.value);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      <ul ref={list} id={listId} role="listbox" aria-label={props.listLabel} hidden={!isOpen}>
        {isOpen &&
          suggestions.map((suggestion, at) => (
            <li
              key={suggestion}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === active}
              // Pressing would take the focus from the field, which closes the list before the click arrives.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(suggestion)}
            >
              {suggestion}
            </li>
          ))}
      </ul>
    </div>
  );
}
