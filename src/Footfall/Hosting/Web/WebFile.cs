namespace Footfall.Hosting.Web;

/// <summary>One file of the pages, as <c>web/scripts/build.mjs</c> lists it.</summary>
/// <param name="Path">The path that a browser requests, such as <c>/analytics</c>.</param>
/// <param name="File">Below the directory of the pages.</param>
/// <param name="Type">The media type.</param>
/// <param name="Tag">A hash of its content.</param>
/// <param name="Immutable">Whether its name changes with its content, so that it can be cached forever.</param>
/// <param name="Shared">Whether pages of any other site may load it: the tracker.</param>
/// <param name="Demo">Whether it belongs to the demo shop.</param>
/// <param name="Encodings"><c>br</c> and <c>gz</c>: the compressed versions next to it.</param>
/// <param name="Scripts">The inline scripts of a page, each as a source of Content-Security-Policy.</param>
internal sealed record WebFile(string Path, string File, string Type, string Tag, bool Immutable = false, bool Shared = false,
    bool Demo = false, IReadOnlyList<string>? Encodings = null, IReadOnlyList<string>? Scripts = null)
{
    public bool IsPage => Scripts is not null;
}

/// <summary>The list of all files: <c>web.json</c>.</summary>
internal sealed record WebManifest(IReadOnlyList<WebFile> Files);
