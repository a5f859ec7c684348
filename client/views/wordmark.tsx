import "../styles/wordmark.css";

/** The name of the product, drawn: somebody lies snug in its u. */
export function Wordmark({ label }: { label: string }) {
  return (
    <svg class="wordmark" viewBox="0 0 57 26" role="img" aria-label={label}>
      <path
        class="wordmark__letters"
        d="M9.8 8.3C9 6.8 7.5 6.1 5.7 6.1 3.5 6.1 2 7.2 2 8.9c0 3.7 8.1 1.9 8.1 5.7 0 1.9-1.7 3.1-4.1 3.1-2 0-3.5-.8-4.2-2.4M15.5 17.6V6.3M15.5 11c0-3 1.9-4.9 4.5-4.9s4.4 1.8 4.4 4.7v6.8M29.8 6.3v6.4c0 3.1 1.9 5 4.7 5s4.7-1.9 4.7-5V6.3M54.9 6.3v11.6c0 3.2-2.1 5-5.3 5-2.2 0-3.9-.8-4.9-2.4M49.6 6.1a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z"
      />
      <circle class="wordmark__guest" cx="34.5" cy="9.7" r="2.5" />
    </svg>
  );
}
