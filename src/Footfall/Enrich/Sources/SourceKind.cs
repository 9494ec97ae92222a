namespace Footfall.Enrich.Sources;

/// <summary>What a source is.</summary>
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
