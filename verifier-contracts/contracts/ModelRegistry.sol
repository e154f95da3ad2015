// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuardedRoles} from "./GuardedRoles.sol";
import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {Statement} from "./libraries/Statement.sol";

/// @title Append-only registry of proved models
/// @notice Registration shows that the verification key is well-formed, takes three public signals and had a contribution to its
///   setup. It does not show
///   - that the key is that of the circuit named, or the circuit that of the network named: an owner may name any digests;
///   - that whoever made the key forgot its secrets: with them any output can be proved;
///   - that the transcript named exists, or that a model without the development flag was not set up for development;
///   - that the model is accurate, fair, or described by its metadata.
///   `zkinfer audit --chain` checks the first three: it rebuilds the constraint system from the network, compares digests,
///   verifies the transcript of the setup, and compares the key with the one stored here. Consumers pin a modelId whose audit
///   they, or somebody they trust, have run; an id never comes to mean another key, network or owner.
/// @dev Nothing is removed. The admin and the guardian can stop a model and let it go on; its terms are its owner's.
contract ModelRegistry is IModelRegistry, GuardedRoles {
    /// @notice Seconds from the announcement of a price until it is in force.
    uint256 public constant NOTICE_PERIOD = 1 days;

    /// @dev outputHash, inputHash, binder.
    uint256 private constant SIGNALS = 3;
    /// @dev A royalty of 10,000 basis points is the whole price.
    uint256 private constant BASIS_POINTS = 10_000;

    /// @notice Checks and keeps the verification keys.
    IGroth16Verifier public immutable VERIFIER;
    /// @notice Chains on which models with development keys are admitted.
    mapping(uint256 chainId => bool) public admitsDevelopment;

    mapping(bytes32 modelId => StoredModel) private _models;
    mapping(bytes32 modelId => mapping(address token => PriceSlot)) private _prices;

    struct StoredModel {
        address owner;
        bool heldByOwner;
        bool heldByGuardian;
        bool tombstoned;
        bytes32 keyHash;
        ModelIdentity identity;
        Royalty royalty;
        string metadataUri;
    }

    /// @dev One word: the price until `effectiveAt`, and from then on.
    struct PriceSlot {
        bool listed;
        uint96 amount;
        bool nextListed;
        uint96 nextAmount;
        uint40 effectiveAt;
    }

    /// @param developmentChains Ids of the chains on which development keys are admitted.
    constructor(IGroth16Verifier verifier, uint256[] memory developmentChains, address admin, address firstGuardian)
        GuardedRoles(admin, firstGuardian)
    {
        if (address(verifier) == address(0)) revert ZeroAddress();
        VERIFIER = verifier;
        for (uint256 i = 0; i < developmentChains.length; ++i) {
            admitsDevelopment[developmentChains[i]] = true;
            emit DevelopmentChainAdmitted(developmentChains[i]);
        }
    }

    /// @inheritdoc IModelRegistry
    function register(
        ModelIdentity calldata identity,
        bytes calldata verificationKey,
        TokenPrice[] calldata prices,
        Royalty calldata royalty,
        string calldata metadataUri
    ) external returns (bytes32 modelId) {
        _requireIdentity(identity);
        _requireRoyalty(royalty);
        bytes32 keyHash = _storeKey(verificationKey);
        modelId = Statement.modelId(msg.sender, keyHash, identity);
        StoredModel storage stored = _models[modelId];
        if (stored.owner != address(0)) revert ModelExists(modelId);

        stored.owner = msg.sender;
        stored.keyHash = keyHash;
        stored.identity = identity;
        stored.royalty = royalty;
        stored.metadataUri = metadataUri;
        emit ModelRegistered(modelId, msg.sender, identity.modelDigest, keyHash, identity, royalty, metadataUri);
        _listPrices(modelId, prices);
    }

    /// @inheritdoc IModelRegistry
    function setPrice(bytes32 modelId, address token, bool listed, uint96 amount) external {
        StoredModel storage stored = _changeable(modelId);
        if (msg.sender != stored.owner) revert NotAuthorised(msg.sender);
        PriceSlot storage slot = _prices[modelId][token];
        (slot.listed, slot.amount) = _inForce(slot);
        uint40 effectiveAt = uint40(block.timestamp + NOTICE_PERIOD);
        (slot.nextListed, slot.nextAmount, slot.effectiveAt) = (listed, amount, effectiveAt);
        emit PriceSet(modelId, token, listed, amount, effectiveAt);
    }

    /// @inheritdoc IModelRegistry
    /// @dev An owner who is the guardian too freezes as the guardian.
    function freeze(bytes32 modelId) external {
        StoredModel storage stored = _changeable(modelId);
        if (msg.sender == guardian) {
            stored.heldByGuardian = true;
        } else if (msg.sender == stored.owner) {
            stored.heldByOwner = true;
        } else {
            revert NotAuthorised(msg.sender);
        }
        _announceState(modelId, stored);
    }

    /// @inheritdoc IModelRegistry
    function unfreeze(bytes32 modelId) external {
        StoredModel storage stored = _changeable(modelId);
        if (msg.sender == stored.owner && stored.heldByOwner) {
            stored.heldByOwner = false;
        } else if (msg.sender == ADMIN && stored.heldByGuardian) {
            stored.heldByGuardian = false;
        } else {
            revert NotAuthorised(msg.sender);
        }
        _announceState(modelId, stored);
    }

    /// @inheritdoc IModelRegistry
    function tombstone(bytes32 modelId) external {
        StoredModel storage stored = _changeable(modelId);
        if (msg.sender != stored.owner && msg.sender != ADMIN) revert NotAuthorised(msg.sender);
        stored.tombstoned = true;
        _announceState(modelId, stored);
    }

    /// @inheritdoc IModelRegistry
    function model(bytes32 modelId) external view returns (Model memory) {
        StoredModel storage stored = _known(modelId);
        return Model({
            state: _stateOf(stored),
            owner: stored.owner,
            keyHash: stored.keyHash,
            identity: stored.identity,
            royalty: stored.royalty,
            metadataUri: stored.metadataUri
        });
    }

    /// @inheritdoc IModelRegistry
    function verificationTerms(bytes32 modelId)
        external
        view
        returns (ModelState state, bytes32 keyHash, TensorSpec memory inputSpec, TensorSpec memory outputSpec)
    {
        StoredModel storage stored = _models[modelId];
        return (_stateOf(stored), stored.keyHash, stored.identity.inputSpec, stored.identity.outputSpec);
    }

    /// @inheritdoc IModelRegistry
    function payoutTerms(bytes32 modelId) external view returns (address owner, Royalty memory royalty) {
        StoredModel storage stored = _models[modelId];
        return (stored.owner, stored.royalty);
    }

    /// @inheritdoc IModelRegistry
    function price(bytes32 modelId, address token) external view returns (uint96) {
        (bool listed, uint96 amount) = _inForce(_prices[modelId][token]);
        if (!listed) revert TokenNotListed(modelId, token);
        return amount;
    }

    /// @inheritdoc IModelRegistry
    function modelIdOf(address owner, bytes32 keyHash, ModelIdentity calldata identity)
        external
        pure
        returns (bytes32)
    {
        return Statement.modelId(owner, keyHash, identity);
    }

    /// @dev A key without a transcript is a development key.
    function _requireIdentity(ModelIdentity calldata identity) private view {
        if (!Statement.isSpec(identity.inputSpec) || !Statement.isSpec(identity.outputSpec)) revert TensorSpecRange();
        if (identity.transcriptHash == 0 && !admitsDevelopment[block.chainid]) revert DevelopmentModel(block.chainid);
    }

    function _requireRoyalty(Royalty calldata royalty) private pure {
        bool withoutReceiver = royalty.basisPoints > 0 && royalty.receiver == address(0);
        if (royalty.basisPoints > BASIS_POINTS || withoutReceiver) revert RoyaltyRange();
    }

    function _storeKey(bytes calldata verificationKey) private returns (bytes32 keyHash) {
        keyHash = VERIFIER.storeKey(verificationKey);
        uint256 signals = VERIFIER.signalCount(keyHash);
        if (signals != SIGNALS) revert KeySignals(signals);
    }

    function _listPrices(bytes32 modelId, TokenPrice[] calldata prices) private {
        if (prices.length == 0) revert PriceList();
        for (uint256 i = 0; i < prices.length; ++i) {
            PriceSlot storage slot = _prices[modelId][prices[i].token];
            if (slot.nextListed) revert PriceList();
            (slot.nextListed, slot.nextAmount, slot.effectiveAt) = (true, prices[i].amount, uint40(block.timestamp));
            emit PriceSet(modelId, prices[i].token, true, prices[i].amount, uint64(block.timestamp));
        }
    }

    function _announceState(bytes32 modelId, StoredModel storage stored) private {
        emit ModelStateChanged(modelId, _stateOf(stored), stored.heldByOwner, stored.heldByGuardian, msg.sender);
    }

    function _stateOf(StoredModel storage stored) private view returns (ModelState) {
        if (stored.owner == address(0)) return ModelState.Unknown;
        if (stored.tombstoned) return ModelState.Tombstoned;
        return stored.heldByOwner || stored.heldByGuardian ? ModelState.Frozen : ModelState.Active;
    }

    function _inForce(PriceSlot storage slot) private view returns (bool listed, uint96 amount) {
        bool changed = block.timestamp >= slot.effectiveAt;
        return changed ? (slot.nextListed, slot.nextAmount) : (slot.listed, slot.amount);
    }

    function _changeable(bytes32 modelId) private view returns (StoredModel storage stored) {
        stored = _known(modelId);
        if (stored.tombstoned) revert ModelTombstoned(modelId);
    }

    function _known(bytes32 modelId) private view returns (StoredModel storage stored) {
        stored = _models[modelId];
        if (stored.owner == address(0)) revert ModelUnknown(modelId);
    }
}
