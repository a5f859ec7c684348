/** A page of docs/, read into the executable: `import page from "../../docs/x.md" with { type: "text" }`. */
declare module "*.md" {
  const text: string;
  export default text;
}
