namespace Footfall.Enrich.Sources;

/// <summary>The kind of a source.</summary>
internal enum SourceKind : byte
{
    /// <summary>On none of the lists.</summary>
    Other,
    Search,
    Social,
    Video,
    Shopping,
    Assistant,
    Spam,
}
