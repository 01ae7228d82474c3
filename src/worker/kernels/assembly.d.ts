declare module '*?assembly' {
  const module: Uint8Array<ArrayBuffer>;
  export default module;
}

declare module '*?assembly&shared' {
  const module: Uint8Array<ArrayBuffer>;
  export default module;
}
